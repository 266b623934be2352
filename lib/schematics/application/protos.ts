import { posix } from 'node:path';
import type { Changes } from '../changes.js';
import type { NestProject } from './nest-project.js';

/** A proto that declares a service. */
export interface Proto {
  readonly package: string;
  /** The path from the folder of the sources. */
  readonly path: string;
}

/** Returns the protos with services, among the sources of a project or in a folder beside them. */
export function protosOf(changes: Changes, { name, sourceRoot }: NestProject): Proto[] {
  // A monorepo builds into folders of other depths than those of its sources.
  const folders = name === undefined ? [sourceRoot, 'proto', 'protos'] : [sourceRoot];
  return folders
    .flatMap((folder) => changes.list(folder, '.proto'))
    .flatMap((path) => {
      const text = changes.read(path) ?? '';
      const declared = /^\s*package\s+([\w.]+)\s*;/m.exec(text)?.[1];
      const isServed = declared !== undefined && /^\s*service\s+\w+/m.test(text);
      return isServed ? [{ package: declared, path: posix.relative(sourceRoot, path) }] : [];
    });
}
