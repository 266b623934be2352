import type { Application } from '../application/application.js';

/** Why the rest of the application stays as it is, and lines to write. */
export interface NotShared {
  /** The file to change. Default: the main file. */
  readonly file?: string;
  readonly problem: string;
  readonly lines: readonly string[];
}

/** Says how to share the options, if they are not a constant of a file. */
export function notShared({ project }: Application, reason: string): NotShared {
  const lines = [
    `// in ${project.sourceRoot}/grpc.options.ts, with what the server has now`,
    `import type { GrpcOptions } from '@nestjs/microservices';`,
    '',
    `export const grpcOptions: GrpcOptions['options'] = {`,
    '  // package, protoPath, url …',
    '};',
    '',
    `// in ${project.main}, imported from there:`,
    '// { transport: Transport.GRPC, options: grpcOptions }',
    '// Then run nest add again',
  ];
  return { problem: `${reason}. The server and the module must have the same options. Write:`, lines };
}

/**
 * Says how to share the options, if they are part of an object whose type could be that of another
 * transport, too.
 *
 * @param exported the name of the constant
 */
export function untyped(file: string, exported: string, type: string): NotShared {
  const problem = `Its constant ${exported} is of the type ${type}, by which the module cannot have its options`;
  return {
    file,
    problem: `${problem}. Give it the type GrpcOptions, and run nest add again:`,
    lines: [
      `import { type GrpcOptions, Transport } from '@nestjs/microservices';`,
      '',
      `export const ${exported}: GrpcOptions = {`,
      '  // as it is now',
      '};',
    ],
  };
}
