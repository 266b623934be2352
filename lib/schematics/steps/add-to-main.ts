import { posix } from 'node:path';
import type { Run } from '../add-flags.js';
import type { Application } from '../application/application.js';
import type { Changes } from '../changes.js';
import { connectGrpc, editMain } from '../source/edit-main.js';
import type { GrpcOptions } from './grpc-options.js';
import { importPath } from './import-path.js';
import { leftAsItIs } from './left-as-it-is.js';

/** Lets the main file serve gRPC, and end by `runSidecarApp` or shutdown hooks. */
export function addToMain(changes: Changes, application: Application, run: Run, options: GrpcOptions): void {
  const { main, project } = application;
  const path = importPath(posix.dirname(project.main), options.file, application.importEnding);
  const edited = main ? editMain(main, run, { name: options.name, path }) : undefined;
  if (edited && 'text' in edited) changes.write(project.main, edited.text);
  else changes.advise(project.main, leftAsItIs(edited?.problem), byHand(run, options.name, path));
}

function byHand(run: Run, options: string, path: string): string[] {
  const imports = [
    `import { type MicroserviceOptions, Transport } from '@nestjs/microservices';`,
    `import { ${options} } from '${path}';`,
  ];
  const managed = [
    'await runSidecarApp(app, {',
    '  listen: async () => {',
    '    await app.startAllMicroservices();',
    '    await app.listen(process.env.PORT ?? 3000);',
    '  },',
    '});',
  ];
  const hooked = [
    `app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });`,
    'await app.startAllMicroservices();',
    'await app.listen(process.env.PORT ?? 3000);',
  ];
  return [
    ...imports,
    ...(run === 'managed' ? [`import { runSidecarApp } from 'nestjs-sidecar-agent';`] : []),
    '',
    '// in place of await app.listen(…)',
    ...connectGrpc('app', options),
    ...(run === 'managed' ? managed : hooked),
  ];
}
