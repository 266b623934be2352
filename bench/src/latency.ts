import { createHistogram } from 'node:perf_hooks';

/** How long many calls took: Node's own HDR histogram, in nanoseconds. */
export class Latencies {
  readonly #histogram = createHistogram();

  /** @param milliseconds how long one call took */
  add(milliseconds: number): void {
    this.#histogram.record(Math.max(1, Math.round(milliseconds * 1e6)));
  }

  /** Milliseconds. */
  percentile(rank: number): number {
    return this.#histogram.percentile(rank) / 1e6;
  }
}
