import { type BackoffBounds, backoffDelay } from '../support/timing/backoff.js';

/**
 * How long the deregister is repeated if no process listens at the agent's address, or the agent
 * refuses credentials that cannot change, in milliseconds.
 */
export const GONE_FOR_GOOD = 2_000;

/** The longest steps of the backoff in a leave, in milliseconds: time is short there. */
const LONGEST = { reconnectInterval: 1_000, maxReconnectInterval: 5_000 } as const;

/**
 * Returns how long a drain or deregister of a leave waits for its next try, in milliseconds: as the
 * options say, or shorter.
 *
 * @param failures how many tries have failed in a row, 1 or more
 * @param random a number from 0 up to 1
 */
export function goodbyeDelay(failures: number, bounds: BackoffBounds, random: number): number {
  const shorter = {
    reconnectInterval: Math.min(bounds.reconnectInterval, LONGEST.reconnectInterval),
    maxReconnectInterval: Math.min(bounds.maxReconnectInterval, LONGEST.maxReconnectInterval),
  };
  return backoffDelay(failures, shorter, random);
}
