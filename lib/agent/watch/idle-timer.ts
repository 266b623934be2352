import { afterReading } from '../../support/timing/after-reading.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import type { IdleLimit } from './idle-limit.js';

/**
 * Calls `onIdle` once no byte has arrived for as long as the limit allows. It replaces undici's
 * `bodyTimeout`, which is late by up to half a second and shares its timers with every other user
 * of undici in the process. A chunk only notes the time, so that there is one timer, not one for
 * each chunk.
 */
export class IdleTimer {
  readonly #clock: SidecarClock;
  readonly #limit: IdleLimit;
  readonly #onIdle: (silent: number) => void;
  #lastByteAt: number;
  #cancel = () => {};

  /** @param onIdle gets the limit that has passed, in milliseconds */
  constructor(clock: SidecarClock, limit: IdleLimit, onIdle: (silent: number) => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#onIdle = onIdle;
    this.#lastByteAt = clock.elapsed();
    limit.opened(this.#lastByteAt);
    this.#arm(limit.current);
  }

  /** Restarts the timer: bytes have arrived, those of comments included. */
  restart(): void {
    this.#lastByteAt = this.#clock.elapsed();
    this.#limit.arrived(this.#lastByteAt);
  }

  stop(): void {
    this.#cancel();
  }

  #arm(milliseconds: number): void {
    this.#cancel = afterReading(this.#clock, milliseconds, () => {
      const limit = this.#limit.current;
      const rest = this.#lastByteAt + limit - this.#clock.elapsed();
      if (rest > 0) return this.#arm(rest);
      this.#limit.cut();
      this.#onIdle(limit);
    });
  }
}
