/** The bounds between which waits grow, in milliseconds. */
export interface BackoffBounds {
  readonly reconnectInterval: number;
  readonly maxReconnectInterval: number;
}

/**
 * How long to wait before the next try: steps double from `reconnectInterval` up to `maxReconnectInterval`, and a wait is
 * uniform between half and all of its step, so that the clients of one agent do not come back in one moment.
 *
 * @param failures how many tries have failed in a row, 1 or more
 * @param random a number from 0 up to 1
 * @returns milliseconds
 */
export function backoffDelay(failures: number, bounds: BackoffBounds, random: number): number {
  const doublings = Math.min(Math.max(failures, 1) - 1, 30);
  const step = Math.min(bounds.reconnectInterval * 2 ** doublings, bounds.maxReconnectInterval);
  return step * (0.5 + random / 2);
}
