import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import type { CloseBounds } from './close-bounds.js';

/**
 * Waits until no work is in flight, after the servers have closed: the leave waits no longer than
 * the grace period, and not at all if it leaves the port to other processes.
 *
 * @param bounds `undefined` if the service does not leave
 * @param log writes a line
 */
export async function finishWork(
  calls: InFlightCalls,
  bounds: CloseBounds | undefined,
  log: (line: string) => void,
): Promise<void> {
  if (!bounds) return;
  const over = new AbortController();
  const cancel = bounds.clock.after(Math.max(0, bounds.rest), () => over.abort());
  await calls.whenIdle(over.signal);
  cancel();
  const { count } = calls;
  if (count > 0) log(`Closed at shutdownTimeout, with calls or tasks still in flight: ${count}`);
}
