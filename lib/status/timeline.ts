import type { SidecarErrorKind } from '../errors/sidecar-error-kind.js';
import type { RegistrationPhase } from './registration-phase.js';

/** The most entries that are kept. */
const MOST_ENTRIES = 100;

/**
 * What happened to the registration.
 *
 * - `started`: the application is booted and its server is bound
 * - `connected`, `disconnected`: the event stream was opened, or was lost
 * - `registered`: the agent accepted a register, and the service was not registered before, or
 *   Consul had lost it
 * - `updated`: the agent accepted a change of what is registered
 * - `draining`: the shutdown began, `drain()` was called, or another client drained the instance
 * - `drained`: the agent accepted the drain
 * - `resumed`: the drain or deregister was undone
 * - `deregistered`: the agent accepted the deregister, or does not know the instance
 * - `error`: a connection attempt, a call or anything else failed
 * - `stopped`: the service has left the mesh
 */
export type TimelineEntryType =
  | 'started'
  | 'connected'
  | 'disconnected'
  | 'registered'
  | 'updated'
  | 'draining'
  | 'drained'
  | 'resumed'
  | 'deregistered'
  | 'error'
  | 'stopped';

/**
 * One entry of `SidecarStatusService.timeline()`. It holds no secret, header or token. Times are
 * ISO 8601 text in UTC.
 */
export type TimelineEntry = Readonly<{
  /** When it happened; the first time, if it was repeated. */
  at: string;
  /** When it happened last: the same as `at`, unless it was repeated. */
  lastAt: string;
  /** How often it happened in a row, 1 or more: a failure that repeats has one entry. */
  count: number;
  /** What happened. */
  type: TimelineEntryType;
  /** The phase of the registration from then on. */
  phase: RegistrationPhase;
  /** Why it happened, such as `the agent restarted`; `null` if there is no particular cause. */
  cause: string | null;
  /** The kind of the error, if the cause is one. */
  errorKind: SidecarErrorKind | null;
  /** All of it in words, such as `registered again after 3.2 s: the agent restarted`. */
  text: string;
}>;

/** What happened at one moment. */
export type TimelineMoment = Omit<TimelineEntry, 'lastAt' | 'count'>;

/**
 * Returns a timeline with one moment more. A repetition of the last entry is counted there; only
 * the last 100 entries are kept.
 */
export function withMoment(
  timeline: readonly TimelineEntry[],
  moment: TimelineMoment,
): readonly TimelineEntry[] {
  const last = timeline.at(-1);
  const isRepeated = last?.type === moment.type && last.text === moment.text && last.phase === moment.phase;
  if (isRepeated) {
    const repeated = Object.freeze({ ...last, lastAt: moment.at, count: last.count + 1 });
    return Object.freeze([...timeline.slice(0, -1), repeated]);
  }
  const entry = Object.freeze({ ...moment, lastAt: moment.at, count: 1 });
  return Object.freeze([...timeline, entry].slice(-MOST_ENTRIES));
}
