import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { propertyOf } from './shape.js';

/**
 * How long a lock is respected, in milliseconds. Its owner needs a few: one that is held for longer
 * was left by a process that was killed.
 */
const LONGEST_HOLD = 1_000;

/** How long to wait between two tries, in milliseconds. */
const PAUSE = 5;

/**
 * Does work that reads and writes a file while no other process does, and returns its result. The
 * lock is a file beside it. Waiting blocks the process: the work must be short.
 *
 * @throws {NodeJS.ErrnoException} if the lock cannot be created, as well as what the work throws
 */
export function withFileLock<Result>(file: string, work: () => Result): Result {
  const lock = `${file}.lock`;
  const mark = randomUUID();
  mkdirSync(dirname(file), { recursive: true });
  acquire(lock, mark);
  try {
    return work();
  } finally {
    if (markOf(lock) === mark) rmSync(lock, { force: true });
  }
}

function acquire(lock: string, mark: string): void {
  let holder: string | undefined;
  let since = 0;
  while (!create(lock, mark)) {
    const found = markOf(lock);
    if (found !== holder) [holder, since] = [found, performance.now()];
    if (holder !== undefined && performance.now() - since > LONGEST_HOLD) breakLock(lock, holder);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
}

function create(lock: string, mark: string): boolean {
  try {
    writeFileSync(lock, mark, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (thrown) {
    if (propertyOf(thrown, 'code') === 'EEXIST') return false;
    throw thrown;
  }
}

/** Returns who holds the lock, or `undefined` if no process does. */
function markOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch (thrown) {
    if (propertyOf(thrown, 'code') === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Removes a lock that was left, and gives it back if another process has just done the same. */
function breakLock(lock: string, holder: string): void {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
    if (markOf(aside) !== holder) linkSync(aside, lock);
  } catch (thrown) {
    if (!['ENOENT', 'EEXIST'].includes(String(propertyOf(thrown, 'code')))) throw thrown;
  } finally {
    rmSync(aside, { force: true });
  }
}
