import type { Traffic } from './arrivals.js';

/** What the wait after a drain is decided by. Moments are milliseconds on one clock. */
export interface DrainFacts {
  /** The minute before the drain, the time from its last call to the drain included. */
  readonly before: Traffic;
  /** The time since the drain. */
  readonly since: Traffic;
  /** When the drain, or the deregister in its place, was sent. */
  readonly startedAt: number;
  /** When the agent answered it; `undefined` as long as it has not. */
  readonly answeredAt?: number;
  /**
   * When the agent was lost, if it is away: routers elsewhere then wait for its lease to run out.
   */
  readonly agentLostAt?: number;
}

/**
 * The quiet that an explicit `drainDelay` asks for at most, and `'auto'` at least, in milliseconds.
 */
export const SHORTEST_QUIET = 2_000;

/** The longest quiet that `'auto'` asks for, and the time that routers of the real agent need. */
const LONGEST_QUIET = 7_000;

/** How much longer than the longest gap a quiet must be to mean that routers have learned. */
const SAFETY = 1.5;

/** With fewer calls than this in the minute before, a quiet alone tells little. */
const FEW_CALLS = 20;

/** How long routers need to learn that the lease of an agent has run out, in milliseconds. */
const LEARNING = 6_000;

/**
 * Returns the moment at which routers may be taken to have learned of the drain, if no call arrives
 * until then and none is in flight.
 *
 * With `'auto'` that is measured: a time without calls that is one and a half times as long as the
 * longest gap so far. A fixed wait is too short for slow routers and too long for quick ones.
 *
 * @param drainDelay milliseconds, or `'auto'`
 * @param lease how long an agent that is gone keeps its services listed elsewhere, in milliseconds
 */
export function drainEndsAt(facts: DrainFacts, drainDelay: number | 'auto', lease: number): number {
  return drainDelay === 'auto' ? measuredEnd(facts, lease) : explicitEnd(facts, drainDelay);
}

function explicitEnd({ startedAt, answeredAt, since }: DrainFacts, drainDelay: number): number {
  const quiet = Math.min(SHORTEST_QUIET, drainDelay);
  return Math.max((answeredAt ?? startedAt) + drainDelay, (since.lastAt ?? -Infinity) + quiet);
}

function measuredEnd(facts: DrainFacts, lease: number): number {
  const { before, since, startedAt, answeredAt, agentLostAt } = facts;
  const told = answeredAt ?? startedAt;
  const gap = Math.max(before.longestGap, since.longestGap);
  const meaningful = Math.max(SAFETY * gap, SHORTEST_QUIET);
  const quiet = Math.min(meaningful, LONGEST_QUIET);
  const quietEnd = Math.max(told, since.lastAt ?? -Infinity) + quiet;
  // A quiet that was cut to the longest tells only of routers that need no longer than that.
  const isMeasured = agentLostAt === undefined || meaningful <= LONGEST_QUIET;
  if (before.calls >= FEW_CALLS && isMeasured) return quietEnd;
  const latest = agentLostAt === undefined ? told + LONGEST_QUIET : agentLostAt + lease + LEARNING;
  return Math.max(quietEnd, latest);
}
