import { randomBytes } from 'node:crypto';
import { readdir, rm, rmdir } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { propertyOf } from '../support/shape.js';
import { makeWorkerFolder, type SharedPort, shortHash, workerFolder } from './worker-folder.js';
import { connectTo, listenAt, sendLine } from './worker-socket.js';

/**
 * The errors if another process has just taken the empty folder away. libuv says EACCES for a
 * socket in a folder that does not exist.
 */
const FOLDER_GONE = new Set(['ENOENT', 'EACCES']);

/** The other processes that serve the port of this one. */
export interface RemainingWorkers {
  readonly onPort: number;
  /** Those of them that register under the instance id of this process. */
  readonly ofInstance: number;
}

/** What the workers tell of each other. */
export interface WorkerListener {
  /** @param count how many processes serve the port, this one included */
  counted(count: number): void;
  /** Another process has deregistered the instance that this one registers as well. */
  recalled(): void;
}

/**
 * The processes of this user that serve one port, such as the workers of node:cluster or of PM2.
 * Each has a Unix socket in a folder that they share. There is no coordinator: a process lives if
 * its socket accepts connections.
 */
export class PortWorkers {
  readonly #listener: WorkerListener;
  readonly #links = new Map<Socket, string>();
  #folder?: string;
  #name = '';
  #server?: Server;
  #left?: Promise<void>;

  constructor(listener: WorkerListener) {
    this.#listener = listener;
  }

  /**
   * Joins the processes that serve the port, and follows how many there are. Does nothing on
   * Windows.
   *
   * @throws {Error} if the folder or the socket cannot be made
   */
  async join(shared: SharedPort, instanceId: string): Promise<void> {
    const folder = workerFolder(shared);
    if (folder === undefined) return;
    const mark = instanceMark(instanceId);
    const name = [process.pid.toString(36), randomBytes(3).toString('hex'), mark].join('-');
    this.#server = await this.#enter(folder, name);
    this.#folder = folder;
    this.#name = name;
    // Of two that join at the same time, the later one sees the socket of the other.
    await Promise.all((await this.#others()).map((other) => this.#link(other)));
    if (this.#left) return this.#leaveOnce();
    this.#tellCount();
  }

  async #enter(folder: string, name: string, triesLeft = 3): Promise<Server> {
    try {
      await makeWorkerFolder(folder);
      return await listenAt(join(folder, name), (socket) => this.#accept(socket));
    } catch (thrown) {
      if (triesLeft === 0 || !FOLDER_GONE.has(String(propertyOf(thrown, 'code')))) throw thrown;
      return this.#enter(folder, name, triesLeft - 1);
    }
  }

  /** Stops to be one of them. Of two that leave at the same time, one sees that it is the last. */
  leave(): Promise<void> {
    return (this.#left ??= this.#leaveOnce());
  }

  /** Returns the others that live now. */
  async remaining(): Promise<RemainingWorkers> {
    const folder = this.#folder ?? '';
    const others = await this.#others();
    const probes = await Promise.all(
      others.map(async (name) => ({ name, socket: await connectTo(join(folder, name)) })),
    );
    const alive = probes.filter(({ socket }) => socket !== undefined);
    for (const { socket } of alive) socket?.destroy();
    const same = alive.filter(({ name }) => this.#isSameInstance(name));
    return { onPort: alive.length, ofInstance: same.length };
  }

  /** Tells the others to register again. */
  async recall(which: 'on port' | 'of instance'): Promise<void> {
    const folder = this.#folder ?? '';
    const others = (await this.#others()).filter((name) => which === 'on port' || this.#isSameInstance(name));
    await Promise.all(others.map((name) => sendLine(join(folder, name), 'register')));
  }

  async #leaveOnce(): Promise<void> {
    if (this.#folder === undefined) return;
    // A leave goes on if the file cannot be removed: its socket refuses connections then.
    await rm(join(this.#folder, this.#name), { force: true }).catch(() => {});
    // The last one takes the folder away; that of others is not empty.
    await rmdir(this.#folder).catch(() => {});
    this.#server?.close();
    for (const socket of this.#links.keys()) socket.destroy();
  }

  async #others(): Promise<string[]> {
    if (this.#folder === undefined) return [];
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name !== this.#name && !name.startsWith('.'));
  }

  #isSameInstance(name: string): boolean {
    return markOf(name) === markOf(this.#name);
  }

  async #link(name: string): Promise<void> {
    const socket = await connectTo(join(this.#folder ?? '', name));
    if (!socket) return;
    socket.resume().write(`hello ${this.#name}\n`);
    this.#keep(socket, name);
  }

  #accept(socket: Socket): void {
    let heard = '';
    socket.unref().on('error', () => {});
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (heard + text).slice(0, 1_024).split('\n');
      heard = lines.pop() ?? '';
      for (const line of lines) this.#hear(socket, line);
    });
  }

  #hear(socket: Socket, line: string): void {
    if (line === 'register') return this.#listener.recalled();
    if (!line.startsWith('hello ')) return;
    this.#keep(socket, line.slice('hello '.length));
    this.#tellCount();
  }

  /** Counts a process as long as its connection is open. */
  #keep(socket: Socket, name: string): void {
    this.#links.set(socket, name);
    socket.once('close', () => {
      this.#links.delete(socket);
      this.#tellCount();
    });
  }

  #tellCount(): void {
    this.#listener.counted(1 + new Set(this.#links.values()).size);
  }
}

/** What tells in the name of a socket whether two processes are the same instance. */
function instanceMark(instanceId: string): string {
  return shortHash(instanceId, 8);
}

function markOf(name: string): string {
  return name.split('-').at(-1) ?? '';
}
