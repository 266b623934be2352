import type { SidecarClock } from './sidecar-clock.js';

/**
 * Gathers changes that come close together, so that they take effect as one: the first waits for so many milliseconds, and takes
 * with it what comes meanwhile. Of two changes of one property the later counts.
 */
export class GatheredChanges<Changes extends object> {
  readonly #clock: SidecarClock;
  readonly #milliseconds: number;
  readonly #apply: (changes: Changes) => Promise<void>;
  #open?: { changes: Changes; readonly applied: Promise<void> };

  /** @param apply takes the changes; how it ends is how all of them end */
  constructor(clock: SidecarClock, milliseconds: number, apply: (changes: Changes) => Promise<void>) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#apply = apply;
  }

  /** Adds changes. Ends as `apply` does. */
  add(changes: Changes): Promise<void> {
    if (this.#open) {
      this.#open.changes = { ...this.#open.changes, ...changes };
      return this.#open.applied;
    }
    const applied = new Promise<void>((resolve, reject) => {
      this.#clock.after(this.#milliseconds, () => {
        const gathered = this.#open?.changes ?? changes;
        this.#open = undefined;
        this.#apply(gathered).then(resolve, reject);
      });
    });
    this.#open = { changes, applied };
    return applied;
  }
}
