import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import { propertyOf } from '../../support/shape.js';
import type { Changes } from '../changes.js';
import type { NestProject } from './nest-project.js';

/**
 * Returns the folder that the build must copy protos to, if it is not that of the Nest CLI. The
 * compiler keeps the folders below its `rootDir`, so the files of a monorepo are deeper than the
 * folder of their output, which is where the Nest CLI copies assets to.
 */
export function protoFolder(changes: Changes, project: NestProject): { outDir?: string } {
  if (project.isBundled) return {};
  const { tsConfig, sourceRoot } = project;
  const options = propertyOf(parse(changes.read(tsConfig) ?? '{}'), 'compilerOptions');
  const rootDir = propertyOf(options, 'rootDir');
  const outDir = propertyOf(options, 'outDir');
  if (typeof rootDir !== 'string' || typeof outDir !== 'string') return {};
  const from = (path: string) => posix.join(posix.dirname(tsConfig), path);
  const below = posix.relative(from(rootDir), sourceRoot);
  return below === '' ? {} : { outDir: posix.join(from(outDir), below) };
}
