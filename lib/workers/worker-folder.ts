import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the processes have in common that serve one port. */
export interface SharedPort {
  /** The address of the agent that they register with. */
  readonly agent: string;
  readonly service: string;
  readonly port: number;
}

/**
 * Returns the folder that the processes of this user on this host share if they serve one port;
 * `undefined` on systems that do not keep Unix sockets in folders.
 */
export function workerFolder({ agent, service, port }: SharedPort): string | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  // The path of a Unix socket has 104 bytes at most.
  const key = shortHash(JSON.stringify([agent, service, port, networkOf()]), 12);
  return join(tmpdir(), `sidecar-workers-${user}`, key);
}

/**
 * Makes the folder.
 *
 * @throws {Error} if another user could write to it
 */
export async function makeWorkerFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const parent = join(folder, '..');
  const { uid, mode } = await lstat(parent);
  if (uid === process.getuid?.() && (mode & 0o022) === 0) return;
  throw new Error(`${parent} must be a folder that only this user can write to`);
}

/** Returns the first characters of a hash. */
export function shortHash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** Containers may share a folder, but the port of one is not the port of another. */
function networkOf(): string {
  try {
    return readlinkSync('/proc/self/ns/net');
  } catch {
    return '';
  }
}
