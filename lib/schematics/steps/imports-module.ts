import type { Application } from '../application/application.js';
import type { Changes } from '../changes.js';

/** Returns whether the application has `SidecarAgentModule` in some module. */
export function importsModule(changes: Changes, { project }: Application): boolean {
  const sources = changes.list(project.sourceRoot, '.ts');
  return sources.some((path) => /\bSidecarAgentModule\.forRoot/.test(changes.read(path) ?? ''));
}
