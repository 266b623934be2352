import { posix } from 'node:path';
import type { Application } from '../application/application.js';
import type { Changes } from '../changes.js';
import { HEALTH_CONTROLLER, healthModule } from '../files/health-files.js';
import type { ModuleEntry } from '../source/edit-root-module.js';
import type { Source } from '../source/source.js';
import type { GrpcOptions } from './grpc-options.js';
import { importPath } from './import-path.js';

/**
 * Writes a controller with probes, unless the application has some.
 *
 * @returns what the root module must have; `undefined` if the application needs no Terminus
 */
export function addHealth(
  changes: Changes,
  application: Application,
  grpc: GrpcOptions,
): ModuleEntry[] | undefined {
  const { project, importEnding, rootModule, main } = application;
  const { sourceRoot } = project;
  const sources = changes.list(sourceRoot, '.ts');
  const uses = (name: string) => sources.filter((path) => changes.read(path)?.includes(name));
  if (main && !servesHttp(main)) {
    if (uses('nestjs-sidecar-agent/grpc-health').length > 0) return undefined;
    const text =
      'The app has no HTTP server. For probes over gRPC, npm install grpc-health-check@2 and write:';
    changes.advise(grpc.file, text, [
      `import { withGrpcHealth } from 'nestjs-sidecar-agent/grpc-health';`,
      grpc.expression === grpc.name
        ? `export const ${grpc.name} = withGrpcHealth({ /* your options */ });`
        : `options: withGrpcHealth({ /* your options */ }), // in ${grpc.name}`,
    ]);
    return undefined;
  }
  const own = uses('nestjs-sidecar-agent/terminus');
  const [other] = uses('@nestjs/terminus').concat(
    sources.filter((path) => /\bhealth\.(controller|module)\.ts$/.test(path)),
  );
  if (own.length === 0 && other !== undefined) {
    changes.advise(other, 'The application has health checks of its own. Add:', [
      `import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';`,
      '',
      '// a provider of the module: SidecarAgentHealthIndicator',
      '// a check of the readiness probe:',
      `() => this.sidecar.ready('sidecar'),`,
    ]);
    return [];
  }
  const folder = `${sourceRoot}/health`;
  if (own.length === 0) {
    changes.create(`${folder}/health.controller.ts`, HEALTH_CONTROLLER);
    changes.create(`${folder}/health.module.ts`, healthModule(importEnding));
  } else if (!own.includes(`${folder}/health.module.ts`)) return [];
  const from = posix.dirname(rootModule?.file ?? `${sourceRoot}/app.module.ts`);
  const path = importPath(from, `${folder}/health.module.ts`, importEnding);
  return [{ list: 'imports', text: 'HealthModule', needs: [{ name: 'HealthModule', path }] }];
}

/** Returns whether the app has an HTTP server. A hybrid app has none if nothing calls `listen`. */
function servesHttp(main: Source): boolean {
  if (!main.calls('NestFactory.create')) return !main.calls('NestFactory.createMicroservice');
  const starts = ['runSidecarApp', 'startAllMicroservices'].some((name) => main.callsNamed(name).length > 0);
  return !starts || main.find((node) => main.ts.isIdentifier(node)).some(({ text }) => text === 'listen');
}
