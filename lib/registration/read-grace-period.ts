import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { shown } from '../support/text/describe-value.js';
import { type Duration, readDuration } from '../support/timing/duration.js';

/**
 * Reads the grace period of a manual drain.
 *
 * @returns milliseconds, 1 or more, since an agent refuses a drain without a grace period
 * @throws {SidecarAgentError} if it is not a duration, or below one millisecond
 */
export function readGracePeriod(given: Duration): number {
  const milliseconds = readDuration(given);
  if (milliseconds && milliseconds >= 1) return milliseconds;
  throw new SidecarAgentError(
    'invalid_options',
    `drain: gracePeriod must be a duration above zero such as "20s", got ${shown(given)}`,
  );
}
