/** How many times as long as a register the wait for the next one is, at least. */
const TIMES = 100;

/** The longest wait that a slow agent is given, in milliseconds. */
const LONGEST_FOR_SLOW = 5 * 60_000;

/**
 * Returns how long to wait before an accepted register is repeated: a random time from half of the
 * interval to all of it, so that the clients of one agent do not send it at once. An agent that
 * takes long for a register, since it walks a large catalog for each, is asked less often.
 *
 * @param interval the option `reassertInterval`, above 0
 * @param took how long the last accepted register took
 * @param random a number from 0 to 1
 * @returns milliseconds
 */
export function reassertDelay(interval: number, took: number, random: number): number {
  return Math.max(interval * (0.5 + random / 2), Math.min(took * TIMES, LONGEST_FOR_SLOW));
}
