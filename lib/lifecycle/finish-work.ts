import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import type { CloseBounds } from './close-bounds.js';

/**
 * Waits until no work is in flight, of a service that has left its port to other processes: its
 * leave did not wait, since the server has to close first.
 *
 * @param bounds `undefined` if the service does not leave
 */
export async function finishWork(calls: InFlightCalls, bounds: CloseBounds | undefined): Promise<void> {
  if (!bounds || !calls.isLeftToClose) return;
  const over = new AbortController();
  const cancel = bounds.clock.after(Math.max(0, bounds.rest), () => over.abort());
  await calls.whenIdle(over.signal);
  cancel();
}
