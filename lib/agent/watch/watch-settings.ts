import type { AgentEndpoint } from '../connection/agent-endpoint.js';

/** The part of the module's options that one connection to the event stream needs. */
export interface WatchSettings {
  readonly endpoint: AgentEndpoint;
  /** The most milliseconds until the response headers. */
  readonly requestTimeout: number;
  /** The most milliseconds without a byte, and until `connected`. */
  readonly idleTimeout: number;
  /** The most bytes of one event. */
  readonly maxEventBytes: number;
}
