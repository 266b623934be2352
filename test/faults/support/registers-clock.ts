import { SystemClock } from '../../../lib/support/timing/sidecar-clock.js';

/**
 * A clock that stands still, and whose chance is always the least: every delay is half its step, to
 * the millisecond, and can be read off `nextRetryAt`. Timers run all the same.
 */
export class StillClock extends SystemClock {
  #passed = 0;
  /** Every wait that was set, in milliseconds. */
  readonly waits: number[] = [];

  /** Lets so many milliseconds have passed, for all who measure. */
  pass(milliseconds: number): void {
    this.#passed += milliseconds;
  }

  override now(): number {
    return Date.UTC(2026, 10, 21);
  }

  override elapsed(): number {
    return this.#passed;
  }

  override after(milliseconds: number, task: () => void): () => void {
    this.waits.push(milliseconds);
    return super.after(milliseconds, task);
  }

  override random(): number {
    return 0;
  }

  /** How far away a moment is. */
  until(moment: Date | string | null | undefined): number | null {
    return moment ? new Date(moment).getTime() - this.now() : null;
  }
}
