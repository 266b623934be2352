import { posix } from 'node:path';
import type { Changes } from '../changes.js';

/**
 * Returns the path by which a file imports another.
 *
 * @param folder the folder of the file that imports
 * @param file the path of the other one, with `.ts`
 * @param ending `.js` or nothing
 */
export function importPath(folder: string, file: string, ending: string): string {
  const path = posix.relative(folder, file.replace(/\.ts$/, '')) + ending;
  return path.startsWith('.') ? path : `./${path}`;
}

/** Returns the file that a file in a folder imports from a relative path. */
export function importedFile(changes: Changes, folder: string, path: string): string {
  const file = posix.join(folder, path.replace(/\.[jt]s$/, ''));
  return [`${file}.ts`, `${file}/index.ts`].find((each) => changes.exists(each)) ?? `${file}.ts`;
}
