import { afterReading } from '../../support/timing/after-reading.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';

/**
 * Calls `onIdle` once no byte has arrived for `idleTimeout` milliseconds. It replaces undici's
 * `bodyTimeout`, which is late by up to half a second and shares its timers with every other user
 * of undici in the process. A chunk only notes the time, so that there is one timer, not one for
 * each chunk.
 */
export class IdleTimer {
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

  /** Restarts the timer: bytes have arrived, those of comments included. */
  restart(): void {
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
