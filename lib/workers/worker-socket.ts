import { rename, rm } from 'node:fs/promises';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { propertyOf } from '../support/shape.js';

/** The errors of a connection to a process that is dead, or has left. */
const DEAD = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK']);

/**
 * Listens at a Unix socket, by which other processes see that this one lives: the system closes it
 * with the process, even after `kill -9`.
 *
 * @param onConnection gets each connection of another process
 */
export async function listenAt(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const draft = join(dirname(path), `.${basename(path)}`);
  const server = createServer((socket) => onConnection(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Without `exclusive`, the primary of node:cluster would listen, and outlive its workers.
    server.listen({ path: draft, exclusive: true }, resolve);
  });
  server.on('error', () => {}).unref();
  // A socket refuses connections until it listens, so it gets its name only now.
  try {
    await rename(draft, path);
  } catch (failure) {
    server.close();
    throw failure;
  }
  return server;
}

/**
 * Connects to the socket of another process. Removes what a dead process has left there.
 *
 * @returns `unknown` if the failure tells nothing of the other process, such as too many open files
 */
export async function connectTo(path: string): Promise<Socket | 'dead' | 'unknown'> {
  const socket = connect(path);
  return new Promise((resolve) => {
    socket.unref().once('connect', () => resolve(socket));
    socket.on('error', (failure) => {
      if (!DEAD.has(String(propertyOf(failure, 'code')))) return resolve('unknown');
      // What cannot be removed still refuses whoever connects next.
      rm(path, { force: true }).then(
        () => resolve('dead'),
        () => resolve('dead'),
      );
    });
  });
}
