import { posix } from 'node:path';

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
