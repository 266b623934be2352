import { createRequire } from 'node:module';
import { join } from 'node:path';
import type ts from 'typescript';
import { hasMethods } from '../../support/shape.js';

export type TypeScript = typeof ts;

/**
 * Loads the TypeScript of the application, or that of the Nest CLI.
 *
 * @param folders where to look first for `node_modules`
 * @returns `undefined` if none is installed, or one without a compiler API for JavaScript
 */
export function loadTypeScript(folders: readonly string[]): TypeScript | undefined {
  for (const folder of folders) {
    try {
      const loaded: unknown = createRequire(join(folder, 'package.json'))('typescript');
      if (hasMethods(loaded, 'createSourceFile', 'forEachChild')) return loaded as unknown as TypeScript;
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}
