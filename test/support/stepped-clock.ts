import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';

/** Waits from here on end only when a test lets the time pass. */
const LONG = 5_000;

/** Short waits take their time, so that calls to an agent go on; long ones are a test's to end. */
export class SteppedClock extends SystemClock {
  readonly #waits = new Set<{ readonly at: number; readonly task: () => void }>();
  #passed = 0;

  override after(milliseconds: number, task: () => void): () => void {
    if (milliseconds < LONG) return super.after(milliseconds, task);
    const wait = { at: this.#passed + milliseconds, task };
    this.#waits.add(wait);
    return () => void this.#waits.delete(wait);
  }

  /** Ends the waits that are due within so many milliseconds, in their order. */
  pass(milliseconds: number): void {
    this.#passed += milliseconds;
    const due = [...this.#waits].filter(({ at }) => at <= this.#passed).sort((one, two) => one.at - two.at);
    for (const wait of due) if (this.#waits.delete(wait)) wait.task();
  }
}
