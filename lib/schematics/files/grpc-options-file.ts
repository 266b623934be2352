import type { Application } from '../application/application.js';
import type { Proto } from '../application/protos.js';

/** Returns the text of `grpc.options.ts`. */
export function grpcOptionsFile(
  application: Pick<Application, 'isEsm' | 'nest' | 'project'>,
  protos: readonly Proto[],
): string {
  const { isEsm, nest, project } = application;
  const dirname = isEsm ? 'import.meta.dirname' : '__dirname';
  // The Nest 12 CLI does so, also for a bundle, which is not that deep.
  const keepsPaths = nest === 12 && project.name !== undefined && project.isBundled;
  const packages = [...new Set(protos.map((each) => `'${each.package}'`))];
  const paths = protos.map(({ path }) => `join(${keepsPaths ? 'folder' : dirname}, '${path}')`);
  return `${keepsPaths ? `import { existsSync } from 'node:fs';\n` : ''}import { join } from 'node:path';
import type { GrpcOptions } from '@nestjs/microservices';

${keepsPaths ? folderOfProtos(dirname, project.sourceRoot) : ''}/** The gRPC server and SidecarAgentModule get the same options. */
export const grpcOptions: GrpcOptions['options'] = {
  package: ${oneOrList(packages)},
  protoPath: ${oneOrList(paths)},
  url: \`0.0.0.0:\${process.env.GRPC_PORT || 10500}\`,
};
`;
}

function folderOfProtos(dirname: string, sourceRoot: string): string {
  return `// The Nest CLI copies protos with their whole path, so beside the bundle they are deeper.
const copied = join(${dirname}, '${sourceRoot}');
const folder = existsSync(copied) ? copied : ${dirname};

`;
}

function oneOrList(values: readonly string[]): string {
  const [only = ''] = values;
  return values.length === 1 ? only : `[\n${values.map((each) => `    ${each},\n`).join('')}  ]`;
}
