import { type Duration, LONGEST_DURATION, readDuration } from '../support/timing/duration.js';
import type { ResolvedOptions } from './resolved-options.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

const SECOND = 1_000;

/** The options that are durations, each in milliseconds. */
type Times = Pick<
  ResolvedOptions,
  | 'gracePeriod'
  | 'drainDelay'
  | 'shutdownTimeout'
  | 'requestTimeout'
  | 'reconnectInterval'
  | 'maxReconnectInterval'
  | 'reassertInterval'
  | 'idleTimeout'
  | 'waitForRegistration'
>;

/** Completes the durations with their defaults, from options without a fault. */
export function completeTimes(options: SidecarAgentOptions): Times {
  const gracePeriod = milliseconds(options.gracePeriod, 20 * SECOND);
  const requestTimeout = milliseconds(options.requestTimeout, 3 * SECOND);
  const longestShutdown = Math.min(gracePeriod + 3 * requestTimeout, LONGEST_DURATION);
  return {
    gracePeriod,
    drainDelay: completeDrainDelay(options.drainDelay, gracePeriod),
    shutdownTimeout: milliseconds(options.shutdownTimeout, longestShutdown),
    requestTimeout,
    ...completeIntervals(options),
    reassertInterval: milliseconds(options.reassertInterval, 30 * SECOND),
    idleTimeout: milliseconds(options.idleTimeout, 15 * SECOND),
    waitForRegistration: completeWait(options.waitForRegistration),
  };
}

/** Completes the bounds of the wait before a reconnect. */
export function completeIntervals(
  options: Pick<SidecarAgentOptions, 'reconnectInterval' | 'maxReconnectInterval'>,
): Pick<ResolvedOptions, 'reconnectInterval' | 'maxReconnectInterval'> {
  const reconnectInterval = milliseconds(options.reconnectInterval, SECOND);
  const longest = Math.max(5 * SECOND, reconnectInterval);
  return {
    reconnectInterval,
    maxReconnectInterval: milliseconds(options.maxReconnectInterval, longest),
  };
}

function completeDrainDelay(
  value: SidecarAgentOptions['drainDelay'],
  gracePeriod: number,
): ResolvedOptions['drainDelay'] {
  if (gracePeriod === 0) return 0;
  return value === undefined || value === 'auto' ? 'auto' : Math.min(milliseconds(value, 0), gracePeriod);
}

function completeWait(value: SidecarAgentOptions['waitForRegistration']): number {
  if (typeof value === 'boolean') return value ? 10 * SECOND : 0;
  return milliseconds(value, 0);
}

function milliseconds(value: Duration | undefined, byDefault: number): number {
  if (value === undefined) return byDefault;
  return value === '' ? 0 : (readDuration(value) ?? byDefault);
}
