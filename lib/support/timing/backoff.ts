/** The milliseconds after `connected` from which an event stream counts as stable. */
export const STABLE_AFTER = 10_000;

/** The longest wait that the other end may ask for, in milliseconds. */
const LONGEST_ASKED = 60_000;

/** The bounds of the waits between two tries, in milliseconds. */
export interface BackoffBounds {
  readonly reconnectInterval: number;
  readonly maxReconnectInterval: number;
}

/**
 * Returns how long to wait before the next try. The step doubles with each failure, from
 * `reconnectInterval` up to `maxReconnectInterval`. The wait is a random time from half of the step
 * to all of it, so that the clients of one agent do not return at the same moment.
 *
 * @param failures the number of failures in a row, 1 or more
 * @param random a number from 0 to 1
 * @param asked the milliseconds that the other end asks to wait at least; of them 60,000 count
 * @returns milliseconds
 */
export function backoffDelay(failures: number, bounds: BackoffBounds, random: number, asked = 0): number {
  const doublings = Math.min(Math.max(failures, 1) - 1, 30);
  const step = Math.min(bounds.reconnectInterval * 2 ** doublings, bounds.maxReconnectInterval);
  const delay = step * (0.5 + random / 2);
  return asked > delay ? Math.max(delay, Math.min(asked, LONGEST_ASKED)) : delay;
}
