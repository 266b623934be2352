import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file and its directories. Readers see the old content or the new, never a part of it.
 *
 * @param mode the permissions of the file
 * @default what the umask leaves of 0o666
 */
export function writeAtomically(file: string, text: string, mode?: number): void {
  mkdirSync(dirname(file), { recursive: true });
  // In the same directory: a rename does not cross file systems.
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(draft, text, { mode, flag: 'wx' });
    if (mode !== undefined) chmodSync(draft, mode);
    renameSync(draft, file);
  } catch (failure) {
    rmSync(draft, { force: true });
    throw failure;
  }
}
