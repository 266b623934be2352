import type { CountedWork } from '../in-flight/in-flight-calls.js';
import { holdProcessDuring } from '../support/timing/hold-process.js';
import type { CloseBounds } from './close-bounds.js';

/**
 * Waits until no work is in flight, after the servers have closed: the leave waits no longer than
 * the grace period, and not at all if it leaves the port to other processes.
 *
 * @param left what is left of the bounds of the close
 * @param log writes a line
 */
export async function finishWork(
  work: CountedWork,
  left: CloseBounds,
  log: (line: string) => void,
): Promise<void> {
  const over = new AbortController();
  const cancel = left.clock.after(Math.max(0, left.rest), () => over.abort());
  await holdProcessDuring(work.whenIdle(over.signal));
  cancel();
  const { count } = work;
  if (count > 0) log(`Closed at shutdownTimeout, with calls or tasks still in flight: ${count}`);
}
