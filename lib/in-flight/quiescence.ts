import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { InFlightCalls } from './in-flight-calls.js';

/**
 * Waits while the server keeps serving: first a minimum time, then until no call is in flight. All
 * waits together end with the grace period, which starts with {@link begin} or the first wait.
 */
export class Quiescence {
  readonly #calls: InFlightCalls;
  readonly #clock: SidecarClock;
  readonly #gracePeriod: number;
  #graceEnd?: number;

  constructor(calls: InFlightCalls, gracePeriod: number, clock: SidecarClock) {
    this.#calls = calls;
    this.#gracePeriod = gracePeriod;
    this.#clock = clock;
  }

  /**
   * Starts the grace period, unless it has started. Returns its end, on the clock's `elapsed()`.
   */
  begin(): number {
    return (this.#graceEnd ??= this.#clock.elapsed() + this.#gracePeriod);
  }

  /**
   * Waits for the minimum time, and then until no call is in flight.
   *
   * @param atLeast the minimum time, in milliseconds
   * @param signal ends the wait at once
   * @param until the latest end of the wait, on the clock's `elapsed()`
   */
  async wait(atLeast: number, signal: AbortSignal, until = Infinity): Promise<void> {
    const over = new AbortController();
    const rest = Math.min(this.begin(), until) - this.#clock.elapsed();
    const end = () => over.abort();
    const cancel = this.#clock.after(Math.max(0, rest), end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    await this.#clock.sleep(atLeast, over.signal);
    await this.#calls.whenIdle(over.signal);
    cancel();
    signal.removeEventListener('abort', end);
  }
}
