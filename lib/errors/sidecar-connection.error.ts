import { SidecarAgentError } from './sidecar-agent.error.js';

/** A call that could not be sent, or got no complete answer within `requestTimeout`. It may still have reached the agent. */
export class SidecarConnectionError extends SidecarAgentError {
  override readonly name = 'SidecarConnectionError';

  /**
   * @param url the address that was called
   * @param code the system's or the HTTP client's code, such as `ECONNREFUSED`
   */
  constructor(
    readonly url: string,
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super('sidecar_connection', message, options);
  }
}
