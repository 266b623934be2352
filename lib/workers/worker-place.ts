import { readdir, rm, rmdir, utimes } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { propertyOf } from '../support/shape.js';
import { makeWorkerFolder } from './worker-folder.js';
import { connectTo, listenAt } from './worker-socket.js';

/**
 * The errors if another process has just taken the empty folder away. libuv says EACCES for a
 * socket in a folder that does not exist.
 */
const FOLDER_GONE = new Set(['ENOENT', 'EACCES']);

/** The time before a folder is read again that could not be read, in milliseconds. */
const PAUSE = 50;

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

  /**
   * Shows that the socket is in use: systems remove from their folder for temporary files what
   * nobody has touched for days. Makes it again if it is gone.
   *
   * @throws {Error} if it cannot be made
   */
  async refresh(): Promise<void> {
    const now = new Date();
    try {
      await utimes(join(this.#folder, this.name), now, now);
    } catch {
      const before = this.#server;
      await this.enter();
      before?.close();
    }
  }

  /**
   * Returns the names of the others that are in the folder, dead ones included.
   *
   * @throws {Error} if the folder cannot be read, be it for a moment
   */
  async others(triesLeft = 3): Promise<string[]> {
    try {
      const names = await readdir(this.#folder);
      return names.filter((name) => name !== this.name && !name.startsWith('.'));
    } catch (thrown) {
      if (propertyOf(thrown, 'code') === 'ENOENT') return [];
      if (triesLeft === 0) throw thrown;
    }
    await setTimeout(PAUSE);
    return this.others(triesLeft - 1);
  }

  /** Connects to another process; `unknown` if it may live all the same. */
  connect(name: string): Promise<Socket | 'dead' | 'unknown'> {
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
