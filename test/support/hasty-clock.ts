import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';

/** A minute passes in 6 ms: for waits that only a log line ends. */
export class HastyClock extends SystemClock {
  override after(milliseconds: number, task: () => void): () => void {
    return super.after(milliseconds / 10_000, task);
  }
}
