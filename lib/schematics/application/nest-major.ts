import { parse } from 'jsonc-parser';
import { propertyOf } from '../../support/shape.js';
import type { Changes } from '../changes.js';

/** The major versions of Nest that the package fits. */
export type NestMajor = 11 | 12;

const CORE = '@nestjs/core';

/**
 * Returns the major version of the installed Nest, or else that of the range in package.json.
 *
 * @throws {Error} if it is another version, or package.json does not have Nest
 */
export function majorOfNest(changes: Changes, manifest: unknown): NestMajor {
  const range = propertyOf(propertyOf(manifest, 'dependencies'), CORE);
  const installed: unknown = parse(changes.read(`node_modules/${CORE}/package.json`) ?? '{}');
  const version = propertyOf(installed, 'version') ?? range;
  const major = Number(/\d+/.exec(typeof version === 'string' ? version : '')?.[0]);
  if (major === 11 || major === 12) return major;
  if (range === undefined) throw new Error(`package.json has no ${CORE}. Run nest add in a Nest application`);
  throw new Error(
    `${CORE} must be 11 or 12, got ${String(version)}. Update Nest first: npm install ${CORE}@^11.1.10`,
  );
}
