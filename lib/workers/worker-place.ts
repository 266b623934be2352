import { readdir, rm, rmdir } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { propertyOf } from '../support/shape.js';
import { makeWorkerFolder } from './worker-folder.js';
import { connectTo, listenAt } from './worker-socket.js';

/**
 * The errors if another process has just taken the empty folder away. libuv says EACCES for a
 * socket in a folder that does not exist.
 */
const FOLDER_GONE = new Set(['ENOENT', 'EACCES']);

/** The socket of this process in the folder of those that serve one port. */
export class WorkerPlace {
  readonly name: string;
  readonly #folder: string;
  readonly #onConnection: (socket: Socket) => void;
  #server?: Server;

  /** @param onConnection gets each connection of another process */
  constructor(folder: string, name: string, onConnection: (socket: Socket) => void) {
    this.#folder = folder;
    this.name = name;
    this.#onConnection = onConnection;
  }

  /**
   * Makes the folder and the socket.
   *
   * @throws {Error} if either cannot be made
   */
  async enter(triesLeft = 3): Promise<void> {
    try {
      await makeWorkerFolder(this.#folder);
      this.#server = await listenAt(join(this.#folder, this.name), this.#onConnection);
    } catch (thrown) {
      if (triesLeft === 0 || !FOLDER_GONE.has(String(propertyOf(thrown, 'code')))) throw thrown;
      return this.enter(triesLeft - 1);
    }
  }

  /** Returns the names of the others that are in the folder, dead ones included. */
  async others(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name !== this.name && !name.startsWith('.'));
  }

  /** Connects to another process; `undefined` if it is dead. */
  connect(name: string): Promise<Socket | undefined> {
    return connectTo(join(this.#folder, name));
  }

  /** Removes the socket; connections that are open stay so. */
  async leave(): Promise<void> {
    // A leave goes on if the file cannot be removed: its socket refuses connections then.
    await rm(join(this.#folder, this.name), { force: true }).catch(() => {});
    // The last one takes the folder away; that of others is not empty.
    await rmdir(this.#folder).catch(() => {});
    this.#server?.close();
  }
}
