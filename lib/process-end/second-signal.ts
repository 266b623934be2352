import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { END_SIGNALS } from './end-signals.js';

/**
 * A signal within this time after the first is ignored, in milliseconds: npm and the terminal may
 * both pass on the same Ctrl-C.
 */
export const ECHO = 1_000;

/**
 * Ends the process at a signal that comes while a call of `process.exit` is being held, and no echo
 * of the signal before.
 */
export class SecondSignal {
  readonly #exit: (signal: NodeJS.Signals) => void;
  readonly #signals = new Set<NodeJS.Signals>();
  #clock?: SidecarClock;
  #since = 0;

  constructor(exit: (signal: NodeJS.Signals) => void) {
    this.#exit = exit;
  }

  /** Listens to the signals that other code handles. All others end the process in any case. */
  listen(clock: SidecarClock, since: number): void {
    this.#clock = clock;
    this.#since = since;
    for (const signal of END_SIGNALS) {
      if (process.listenerCount(signal) === 0) continue;
      this.#signals.add(signal);
      process.prependListener(signal, this.#onSignal);
    }
  }

  /** Stops to listen. */
  release(): void {
    for (const signal of this.#signals) process.removeListener(signal, this.#onSignal);
    this.#signals.clear();
  }

  readonly #onSignal = (signal: NodeJS.Signals) => {
    if (this.#clock && this.#clock.elapsed() - this.#since >= ECHO) this.#exit(signal);
  };
}
