import type { SidecarClock } from './sidecar-clock.js';

/**
 * Runs once for all who ask within so many milliseconds of the first: what they have prepared takes effect together.
 */
export class DebouncedRun {
  readonly #clock: SidecarClock;
  readonly #milliseconds: number;
  readonly #run: () => Promise<void>;
  #next?: Promise<void>;

  /** @param run how it ends is how it ends for everybody */
  constructor(clock: SidecarClock, milliseconds: number, run: () => Promise<void>) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#run = run;
  }

  /** Asks for a run, the one that is due already where there is one. Ends as that does. */
  ask(): Promise<void> {
    this.#next ??= new Promise((resolve, reject) => {
      this.#clock.after(this.#milliseconds, () => {
        this.#next = undefined;
        this.#run().then(resolve, reject);
      });
    });
    return this.#next;
  }
}
