import type { AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import type { Dialect } from '../agent/protocol/dialect.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { BackoffBounds } from '../support/timing/backoff.js';

/** The settings of the registration. Durations are milliseconds. */
export interface RegistrationSettings extends BackoffBounds {
  /** If false, nothing is sent to the agent. */
  readonly enabled: boolean;
  /** The address of the agent, for the log. */
  readonly endpoint: AgentEndpoint;
  /** The dialect of the agent, if the option names one; otherwise its answers tell. */
  readonly dialect: Dialect | 'auto';
  /** The longest time for calls in flight after the drain; 0 skips the drain and the wait. */
  readonly gracePeriod: number;
  /** The minimum time the service keeps serving after the drain; `'auto'` measures it. */
  readonly drainDelay: number | 'auto';
  /** The longest time for the whole leave. */
  readonly shutdownTimeout: number;
  /** The longest time for one call to the agent; a register may take a multiple of it. */
  readonly requestTimeout: number;
  /** How often an accepted register is repeated; 0 turns it off. */
  readonly reassertInterval: number;
  readonly onError?: (error: SidecarAgentError) => void;
}
