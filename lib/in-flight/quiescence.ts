import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { InFlightCalls } from './in-flight-calls.js';

/**
 * Waits while the server goes on serving: for some time at least, then until no call is in flight, and never beyond the
 * grace period, which runs from the first wait or from {@link begin}.
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

  /** Starts the grace period, unless it runs. */
  begin(): number {
    return (this.#graceEnd ??= this.#clock.elapsed() + this.#gracePeriod);
  }

  /**
   * @param atLeast milliseconds
   * @param signal ends the wait
   * @param until the moment on the clock at which it ends at the latest
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
