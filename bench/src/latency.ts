import { createHistogram } from 'node:perf_hooks';

/** The durations of many calls, in Node's HDR histogram of nanoseconds. */
export class Latencies {
  readonly #histogram = createHistogram();

  /** @param milliseconds the duration of one call */
  add(milliseconds: number): void {
    this.#histogram.record(Math.max(1, Math.round(milliseconds * 1e6)));
  }

  /** Returns milliseconds. */
  percentile(rank: number): number {
    return this.#histogram.percentile(rank) / 1e6;
  }
}
