import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';

/** Windows has pipes in place of Unix sockets. They are no files. */
const HAS_FILES = process.platform !== 'win32';

/** Removes the file of a socket on which nothing listens: its process was killed. */
export async function removeStaleSocket(path: string): Promise<void> {
  if (isSocket(path) && !(await isAnswered(path))) rmSync(path, { force: true });
}

/** Lets no other user connect to a socket. */
export function limitToOwner(path: string): void {
  if (HAS_FILES) chmodSync(path, 0o600);
}

export function isSocket(path: string): boolean {
  return HAS_FILES && lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true;
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED'));
  });
}
