import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { shown } from '../support/text/describe-value.js';
import { type Duration, readDuration } from '../support/timing/duration.js';

/**
 * Reads the grace period of a manual drain.
 *
 * @param given what the caller passed, if anything
 * @param option the option `gracePeriod`, in milliseconds: the default
 * @returns milliseconds, 1 or more, since an agent refuses a drain without a grace period
 * @throws {SidecarAgentError} if it is not a duration, or below one millisecond
 */
export function readGracePeriod(given: Duration | undefined, option: number): number {
  const milliseconds = readDuration(given === undefined ? option : given);
  if (milliseconds && milliseconds >= 1) return milliseconds;
  throw new SidecarAgentError(
    'invalid_options',
    given === undefined
      ? `drain: the option gracePeriod is ${option} here, and a drain needs one above zero. Pass it: drain('20s')`
      : `drain: gracePeriod must be a duration above zero such as "20s", got ${shown(given)}`,
  );
}
