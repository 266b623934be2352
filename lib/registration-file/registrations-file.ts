import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { withFileLock } from '../support/file-lock.js';
import { propertyOf } from '../support/shape.js';
import { writeAtomically } from '../support/write-atomically.js';
import { formatRegistrations, type KeptRegistration, parseRegistrations } from './kept-registration.js';

/** What was read: the registrations, or why there are none. */
export interface FoundRegistrations {
  readonly registrations: readonly KeptRegistration[];
  /** Why the content is not that of a registration file. */
  readonly fault?: string;
}

/**
 * A registration file. Its work is synchronous: a process that is killed after a call to the agent
 * has written the file before it, and no other change of this process comes in between.
 */
export class RegistrationsFile {
  /** The absolute path. */
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /**
   * Reads the file. One that does not exist has no registrations.
   *
   * @throws {NodeJS.ErrnoException} if it exists and cannot be read
   */
  read(): FoundRegistrations {
    let content: string;
    try {
      content = readFileSync(this.path, 'utf8');
    } catch (thrown) {
      if (propertyOf(thrown, 'code') === 'ENOENT') return { registrations: [] };
      throw thrown;
    }
    const found = parseRegistrations(content);
    return 'fault' in found ? { registrations: [], fault: found.fault } : found;
  }

  /**
   * Writes the file; without registrations it is removed. Readers see the old content or the new,
   * never a part of it, and no other user may read it.
   */
  write(registrations: readonly KeptRegistration[]): void {
    if (registrations.length === 0) return rmSync(this.path, { force: true });
    writeAtomically(this.path, formatRegistrations(registrations), 0o600);
  }

  /** Does work that reads and writes the file, while no other process does. */
  locked<Result>(work: () => Result): Result {
    return withFileLock(this.path, work);
  }

  /** Moves a file that is not a registration file out of the way, and returns its new path. */
  setAside(): string {
    const first = `${this.path}.bak`;
    const aside = existsSync(first) ? `${this.path}.${randomUUID()}.bak` : first;
    renameSync(this.path, aside);
    return aside;
  }
}
