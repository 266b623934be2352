import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { shown } from '../support/text/describe-value.js';
import { type Duration, readDuration } from '../support/timing/duration.js';

/**
 * What must hold so that a health check is up.
 *
 * - `'registered'`: the agent accepted the latest register; the service is in rotation
 * - `'connected'`: the event stream to the agent is open, also while the service is drained
 * - `'once-registered'`: the agent has accepted a register since the process started
 */
export type SidecarHealthRequirement = 'registered' | 'connected' | 'once-registered';

/** The options of `SidecarAgentHealthIndicator.isHealthy`. */
export interface SidecarHealthOptions {
  /**
   * What must hold so that the check is up.
   *
   * @default 'registered'
   */
  require?: SidecarHealthRequirement;
  /**
   * How long the check stays up after the registration or the event stream is lost, so that it does
   * not flap while the agent restarts; milliseconds or text such as `"30s"`. It does not apply
   * before the first registration. During a drain, a deregister or the shutdown there is none: then
   * the check is down as soon as what it requires is lost. `'once-registered'` is never lost, so it
   * needs no grace.
   *
   * @default 0
   */
  grace?: Duration;
}

/** The options of a health check, complete. */
export interface HealthRules {
  readonly require: SidecarHealthRequirement;
  /** In milliseconds. */
  readonly grace: number;
}

const REQUIREMENTS: readonly string[] = ['registered', 'connected', 'once-registered'];

/**
 * Checks and completes the options of a health check.
 *
 * @throws {SidecarAgentError} of kind `invalid_options`
 */
export function readHealthOptions({ require = 'registered', grace = 0 }: SidecarHealthOptions): HealthRules {
  if (!REQUIREMENTS.includes(require)) {
    throw new SidecarAgentError(
      'invalid_options',
      `isHealthy: require must be "registered", "connected" or "once-registered", got ${shown(require)}`,
    );
  }
  const milliseconds = readDuration(grace);
  if (milliseconds === undefined) {
    throw new SidecarAgentError(
      'invalid_options',
      `isHealthy: grace must be a duration such as "30s", got ${shown(grace)}`,
    );
  }
  return { require, grace: milliseconds };
}
