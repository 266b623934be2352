import { parseGoDuration } from './go-duration.js';

/**
 * A length of time: milliseconds, or text in Go's notation such as `'20s'`, `'1m30s'` or `'500ms'`.
 */
export type Duration = number | string;

/** The longest wait a Node timer can hold, a little under 25 days. */
export const LONGEST_DURATION = 2 ** 31 - 1;

/**
 * Reads a duration of the options.
 *
 * @returns milliseconds, or `undefined` where the value is negative, not finite, longer than a timer can hold or no duration
 */
export function readDuration(value: Duration): number | undefined {
  const milliseconds = typeof value === 'string' ? parseGoDuration(value) : value;
  return typeof milliseconds === 'number' && milliseconds >= 0 && milliseconds <= LONGEST_DURATION
    ? milliseconds
    : undefined;
}
