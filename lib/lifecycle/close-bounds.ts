import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** How long closing a server may take. */
export interface CloseBounds {
  readonly clock: SidecarClock;
  /** The time until calls are cut, in milliseconds; below 0 if it has passed. */
  readonly rest: number;
}

/** Returns the longest of the bounds of several modules; `undefined` if none of them leaves. */
export function longestBounds(all: readonly (CloseBounds | undefined)[]): CloseBounds | undefined {
  const [first, ...others] = all.filter((bounds) => bounds !== undefined);
  return first && { clock: first.clock, rest: Math.max(first.rest, ...others.map(({ rest }) => rest)) };
}

/** Returns what tells later how much of the bounds is left, from now on. */
export function boundsFromNow({ clock, rest }: CloseBounds): () => CloseBounds {
  const end = clock.elapsed() + rest;
  return () => ({ clock, rest: end - clock.elapsed() });
}

/** What the time to close depends on. Moments are milliseconds on the clock's `elapsed()`. */
export interface LeaveTimes {
  /** When `shutdownTimeout` ends. */
  readonly closeBy: number;
  /** When the service had left the mesh; `undefined` if it has not. */
  readonly leftAt?: number;
  readonly gracePeriod: number;
}

/** A close that begins this much later than the leave ended was held up by something else. */
const LATE = 1_000;

/**
 * Returns how long a close that begins now may take, in milliseconds: the rest of
 * `shutdownTimeout`.
 *
 * A close that was held up, by another service of the process or another shutdown hook, gets at
 * least the grace period: the server served on meanwhile, so it has calls that began after the
 * leave.
 */
export function timeToClose(times: LeaveTimes, now: number): number {
  const { closeBy, leftAt, gracePeriod } = times;
  const rest = closeBy - now;
  if (leftAt === undefined || now - leftAt < LATE) return rest;
  return Math.max(rest, gracePeriod);
}
