import { parseGoDuration } from './go-duration.js';

/**
 * A length of time: milliseconds, or a text in Go's notation such as `'500ms'`, `'20s'` or
 * `'1m30s'` (units `h m s ms us ns`).
 *
 * Negative values and values above 2147483647 ms (about 25 days) are refused.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export type Duration = number | string;

/** The longest delay of a Node timer, in milliseconds. A timer with a longer one runs at once. */
export const LONGEST_DURATION = 2 ** 31 - 1;

/**
 * Reads a duration.
 *
 * @returns milliseconds, or `undefined` if the value is not a duration, negative or longer than
 *   {@link LONGEST_DURATION}
 */
export function readDuration(value: Duration): number | undefined {
  const milliseconds = typeof value === 'string' ? parseGoDuration(value) : value;
  return typeof milliseconds === 'number' && milliseconds >= 0 && milliseconds <= LONGEST_DURATION
    ? milliseconds
    : undefined;
}
