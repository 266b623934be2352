import type { Application } from '../application/application.js';

/**
 * Returns the text of `sidecar-agent.options.ts`.
 *
 * @param grpc the options of the gRPC server: the name and the path to import, and the expression
 */
export function optionsFile(
  { name, version }: Pick<Application, 'name' | 'version'>,
  grpc: { readonly name: string; readonly path: string; readonly expression: string },
): string {
  return `import type { SidecarAgentOptions } from 'nestjs-sidecar-agent';
import { ${grpc.name} } from '${grpc.path}';

/** Nest calls it when it creates the module, so tests can set variables before. */
export function sidecarAgentOptions(): SidecarAgentOptions {
  // A reload of \`nest start --watch\` and a test do not wait for routers.
  const leavesAtOnce = ['development', 'test'].includes(
    process.env.NODE_ENV ?? '',
  );
  return {
    // Replace the id, the names and env: your mesh knows the application by them.
    app: { id: '${name}', name: '${name}', env: 'dev', version: 'v${version}' },
    service: { name: '${name}' },
    grpc: ${grpc.expression},
    baseUrl: process.env.SIDECAR_AGENT_BASE_URL || 'http://127.0.0.1:15010',
    gracePeriod: leavesAtOnce ? 0 : '20s',
  };
}
`;
}
