import type { Socket } from 'node:net';
import { chunk, type Script, STREAM_HEAD } from '../../support/scripted-agent.js';

export const CONNECTED = 'event: connected\ndata: ok\n\n';
export const HEARTBEAT = 'event: heartbeat\ndata: ok\n\n';

/**
 * Opens streams with the same first words, and says the same beat on each, again and again, until
 * it is stopped.
 */
export class Beats {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #first: string;
  readonly #beat: string;
  readonly #interval: number;
  #heard = () => {};
  /** How many were sent. */
  sent = 0;
  /** When the latest was sent. */
  lastAt = 0;

  /** @param interval milliseconds from one beat to the next */
  constructor(first: string, beat: string, interval = 50) {
    this.#first = first;
    this.#beat = beat;
    this.#interval = interval;
  }

  readonly script: Script = (socket: Socket) => {
    socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), chunk(this.#first)]));
    const timer = setInterval(() => {
      socket.write(chunk(this.#beat));
      this.sent += 1;
      this.lastAt = performance.now();
      this.#heard();
    }, this.#interval);
    this.#timers.add(timer);
    socket.once('close', () => clearInterval(timer));
  };

  /** Waits until so many more were sent. */
  async more(count: number): Promise<void> {
    const enough = this.sent + count;
    while (this.sent < enough) await new Promise<void>((resolve) => (this.#heard = resolve));
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}
