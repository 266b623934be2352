import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** How many calls arrived in some time, and how long none did. */
export interface Traffic {
  readonly calls: number;
  /** The longest time without an arriving call, in milliseconds. */
  readonly longestGap: number;
  /** When the last call arrived, on the clock; `undefined` if none did. */
  readonly lastAt?: number;
}

/** The time that is looked back on, in milliseconds. */
export const LOOK_BACK = 60_000;

const BUCKET = 1_000;

/** The calls that arrived within one second. */
interface Bucket {
  second: number;
  calls: number;
  /** The longest of the gaps that ended here. */
  longestGap: number;
}

/**
 * Remembers when calls arrived within the last minute, second by second: a server may get
 * thousands of calls a second, and noting one must cost next to nothing.
 */
export class Arrivals {
  readonly #clock: SidecarClock;
  readonly #buckets: Bucket[] = [];
  #lastAt?: number;
  /** What arrived since {@link mark}. */
  #since = { calls: 0, longestGap: 0 };

  constructor(clock: SidecarClock) {
    this.#clock = clock;
  }

  /** Notes a call that arrives now. */
  note(): void {
    const now = this.#clock.elapsed();
    // A service that has just started had no callers to be missed.
    const gap = now - (this.#lastAt ?? now);
    this.#lastAt = now;
    this.#since.calls += 1;
    if (gap > this.#since.longestGap) this.#since.longestGap = gap;
    const bucket = this.#bucketAt(Math.floor(now / BUCKET));
    bucket.calls += 1;
    if (gap > bucket.longestGap) bucket.longestGap = gap;
  }

  /** Tells of the minute that ends now; the time since the last call is a gap like the others. */
  lastMinute(): Traffic {
    const now = this.#clock.elapsed();
    const oldest = Math.floor((now - LOOK_BACK) / BUCKET);
    const recent = this.#buckets.filter(({ second }) => second > oldest);
    const calls = recent.reduce((sum, bucket) => sum + bucket.calls, 0);
    const gaps = recent.map(({ longestGap }) => longestGap);
    const open = this.#lastAt === undefined ? LOOK_BACK : now - this.#lastAt;
    return {
      calls,
      longestGap: Math.min(Math.max(open, ...gaps), LOOK_BACK),
      lastAt: calls > 0 ? this.#lastAt : undefined,
    };
  }

  /** Starts to count anew for {@link sinceMark}. */
  mark(): void {
    this.#since = { calls: 0, longestGap: 0 };
  }

  /** Tells of the time since {@link mark}. The time since the last call is not a gap yet. */
  sinceMark(): Traffic {
    const { calls, longestGap } = this.#since;
    return { calls, longestGap, lastAt: calls > 0 ? this.#lastAt : undefined };
  }

  #bucketAt(second: number): Bucket {
    const index = second % (LOOK_BACK / BUCKET);
    const known = this.#buckets[index];
    if (known?.second === second) return known;
    return (this.#buckets[index] = { second, calls: 0, longestGap: 0 });
  }
}
