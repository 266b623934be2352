import { readlinkSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { propertyOf } from '../support/shape.js';
import { writeAtomically } from '../support/write-atomically.js';

/**
 * Writes an output file as a shell does: to the file that a link leads to, with the permissions
 * that it has, and into what is not a plain file, such as a FIFO or `/dev/stdout`.
 */
export function writeOutput(file: string, text: string): void {
  const present = statSync(file, { throwIfNoEntry: false });
  if (present && !present.isFile()) return writeFileSync(file, text);
  writeAtomically(followLinks(file), text, present && present.mode & 0o7777);
}

/** Follows links to where the file is, or would be if the last one leads to nothing. */
function followLinks(file: string): string {
  const real = unlessMissing(() => realpathSync(file));
  if (real !== undefined) return real;
  const link = unlessMissing(() => readlinkSync(file));
  return link === undefined ? file : followLinks(resolve(dirname(file), link));
}

function unlessMissing<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (thrown) {
    if (propertyOf(thrown, 'code') === 'ENOENT') return undefined;
    throw thrown;
  }
}
