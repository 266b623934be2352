import type { AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { BackoffBounds } from '../support/timing/backoff.js';

/** What decides when the registration does what. Durations are milliseconds. */
export interface RegistrationSettings extends BackoffBounds {
  /** Whether anything is sent at all. */
  readonly enabled: boolean;
  /** Where the agent is, for the log. */
  readonly endpoint: AgentEndpoint;
  /** How long calls in flight may go on after the drain; 0 skips drain and wait. */
  readonly gracePeriod: number;
  /** How long to serve at least after the drain. */
  readonly drainDelay: number;
  /** The bound of the whole leave. */
  readonly shutdownTimeout: number;
  /** The bound of one call to the agent. */
  readonly requestTimeout: number;
  readonly onError?: (error: SidecarAgentError) => void;
}
