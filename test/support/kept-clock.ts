import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';

/** Knows what it is to wait for still, in milliseconds. */
export class KeptClock extends SystemClock {
  readonly waits = new Set<number>();

  override after(milliseconds: number, task: () => void): () => void {
    this.waits.add(milliseconds);
    const cancel = super.after(milliseconds, task);
    return () => {
      this.waits.delete(milliseconds);
      cancel();
    };
  }
}
