import { afterReading } from '../../support/timing/after-reading.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';

/**
 * Notices that a stream has fallen silent. Not undici's `bodyTimeout`: its timers are coarse and shared with all else in the
 * process that uses undici. A moment is noted for each chunk, and one timer runs at a time; a blocked event loop of our own
 * is no silence, since what lies in the socket is read first.
 */
export class IdleWatch {
  readonly #clock: SidecarClock;
  readonly #idleTimeout: number;
  readonly #onIdle: () => void;
  #lastByteAt: number;
  #cancel = () => {};

  constructor(clock: SidecarClock, idleTimeout: number, onIdle: () => void) {
    this.#clock = clock;
    this.#idleTimeout = idleTimeout;
    this.#onIdle = onIdle;
    this.#lastByteAt = clock.elapsed();
    this.#arm(idleTimeout);
  }

  /** Something was read, be it a comment. */
  noteLife(): void {
    this.#lastByteAt = this.#clock.elapsed();
  }

  stop(): void {
    this.#cancel();
  }

  #arm(milliseconds: number): void {
    this.#cancel = afterReading(this.#clock, milliseconds, () => {
      const rest = this.#lastByteAt + this.#idleTimeout - this.#clock.elapsed();
      if (rest > 0) this.#arm(rest);
      else this.#onIdle();
    });
  }
}
