import type { Application } from '../application/application.js';
import type { Proto } from '../application/protos.js';

/** Returns the text of `grpc.options.ts`. */
export function grpcOptionsFile({ isEsm }: Pick<Application, 'isEsm'>, protos: readonly Proto[]): string {
  const folder = isEsm ? 'import.meta.dirname' : '__dirname';
  const packages = [...new Set(protos.map((each) => `'${each.package}'`))];
  const paths = protos.map(({ path }) => `join(${folder}, '${path}')`);
  return `import { join } from 'node:path';
import type { GrpcOptions } from '@nestjs/microservices';

/** The gRPC server and SidecarAgentModule get the same options. */
export const grpcOptions: GrpcOptions['options'] = {
  package: ${oneOrList(packages)},
  protoPath: ${oneOrList(paths)},
  url: \`0.0.0.0:\${process.env.GRPC_PORT || 10500}\`,
};
`;
}

function oneOrList(values: readonly string[]): string {
  const [only = ''] = values;
  return values.length === 1 ? only : `[\n${values.map((each) => `    ${each},\n`).join('')}  ]`;
}
