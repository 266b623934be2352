import type { SidecarClock } from './sidecar-clock.js';

/**
 * Debounces a function: requests within `milliseconds` of the first share one run and its result.
 */
export class DebouncedRun {
  readonly #clock: SidecarClock;
  readonly #milliseconds: number;
  readonly #run: () => Promise<void>;
  #next?: Promise<void>;

  constructor(clock: SidecarClock, milliseconds: number, run: () => Promise<void>) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#run = run;
  }

  /**
   * Requests a run, or joins the one that is due.
   *
   * @returns a promise that settles as the run does
   */
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
