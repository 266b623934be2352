import { SystemClock } from '../../../lib/support/timing/sidecar-clock.js';

/**
 * This process's clock, but each wait of the backoff is half its step, is noted, and can be held;
 * and `now()` jumps when it is told to.
 */
export class BookedClock extends SystemClock {
  /** The waits between two connections, in milliseconds. */
  readonly waits: number[] = [];
  readonly #heldWait: number;
  readonly #released = new AbortController();
  #offset = 0;

  /** @param heldWait the wait that lasts until {@link release}, 1 for the first */
  constructor(heldWait = 0) {
    super();
    this.#heldWait = heldWait;
  }

  override now(): number {
    return super.now() + this.#offset;
  }

  override random(): number {
    return 0;
  }

  override sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.waits.push(milliseconds);
    if (this.waits.length !== this.#heldWait) return super.sleep(milliseconds, signal);
    return super.sleep(60_000, AbortSignal.any([signal, this.#released.signal]));
  }

  /** Ends the wait that is held. */
  release(): void {
    this.#released.abort();
  }

  /** Sets the wall clock forward, or back. */
  jump(milliseconds: number): void {
    this.#offset += milliseconds;
  }
}
