import { posix } from 'node:path';
import type { Application } from '../application/application.js';
import type { Changes } from '../changes.js';
import { optionsFile } from '../files/options-file.js';
import type { ModuleEntry } from '../source/edit-root-module.js';
import type { GrpcOptions } from './grpc-options.js';
import { importPath } from './import-path.js';
import { importsModule } from './imports-module.js';

/**
 * Writes the options of the module, unless the application imports the module already.
 *
 * @returns what the root module must have
 */
export function addOptions(changes: Changes, application: Application, grpc: GrpcOptions): ModuleEntry[] {
  const { project, importEnding, rootModule } = application;
  const { sourceRoot } = project;
  if (importsModule(changes, application)) return [];
  const file = `${sourceRoot}/sidecar-agent.options.ts`;
  const path = importPath(sourceRoot, grpc.file, importEnding);
  if (changes.create(file, optionsFile(application, { ...grpc, path }))) {
    changes.examples.push({ file, what: 'app and service, by which your mesh knows the app' });
  }
  const folder = posix.dirname(rootModule?.file ?? `${sourceRoot}/app.module.ts`);
  return [
    {
      list: 'imports',
      text: 'SidecarAgentModule.forRootAsync({ useFactory: sidecarAgentOptions })',
      needs: [
        { name: 'SidecarAgentModule', path: 'nestjs-sidecar-agent' },
        { name: 'sidecarAgentOptions', path: importPath(folder, file, importEnding) },
      ],
    },
  ];
}
