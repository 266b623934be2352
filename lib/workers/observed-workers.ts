import { readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { settledWithin } from '../support/timing/settled-within.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { type SharedPort, workerFolder } from './worker-folder.js';
import { isOfInstance } from './worker-name.js';
import { connectTo } from './worker-socket.js';

/** How long a process may take to accept a connection, in milliseconds. */
const PATIENCE = 500;

/** Which of the processes that serve a port: all, or those that register one instance id. */
export type WhichWorkers = 'on port' | 'of instance';

/** The processes of this user that serve a port, as a process sees them that is none of them. */
export class ObservedWorkers {
  readonly #folder: string | undefined;
  readonly #instanceId: string;
  readonly #clock: SidecarClock;

  constructor(shared: SharedPort, instanceId: string, clock: SidecarClock) {
    this.#folder = workerFolder(shared);
    this.#instanceId = instanceId;
    this.#clock = clock;
  }

  /** Returns how many of them live. */
  count(which: WhichWorkers): Promise<number> {
    return this.#withEach(which, () => Promise.resolve());
  }

  /** Tells them to register again, and returns how many they are. */
  recall(which: WhichWorkers): Promise<number> {
    return this.#withEach(which, (socket) => new Promise((resolve) => socket.end('register\n', resolve)));
  }

  async #withEach(which: WhichWorkers, use: (socket: Socket) => Promise<void>): Promise<number> {
    const folder = this.#folder;
    if (folder === undefined) return 0;
    const names = await readdir(folder).catch(() => []);
    const chosen = names.filter(
      (name) => !name.startsWith('.') && (which === 'on port' || isOfInstance(name, this.#instanceId)),
    );
    const lives = await Promise.all(chosen.map((name) => this.#withOne(join(folder, name), use)));
    return lives.filter(Boolean).length;
  }

  /**
   * Returns whether a process lives. One that does not accept in time does: its event loop is
   * blocked.
   */
  async #withOne(path: string, use: (socket: Socket) => Promise<void>): Promise<boolean> {
    const lives = connectTo(path).then(async (found) => {
      // A failure that proves nothing is no sign of death.
      if (typeof found === 'string') return found === 'unknown';
      await use(found);
      found.destroy();
      return true;
    });
    return (await settledWithin(this.#clock, PATIENCE, lives)) ? lives : true;
  }
}
