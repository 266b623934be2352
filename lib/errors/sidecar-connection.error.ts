import { SidecarAgentError } from './sidecar-agent.error.js';

/**
 * A call to the agent could not be sent, or its answer was not complete within `requestTimeout`.
 * The client throws it; for a register it is the `cause` of a `RegisterReplayError`. The agent may
 * have received the call all the same. Its kind is `sidecar_connection`. Check that the agent runs,
 * and `baseUrl` or `socketPath`.
 */
export class SidecarConnectionError extends SidecarAgentError {
  override readonly name = 'SidecarConnectionError';

  /**
   * @param url the origin of the agent that was called: `http://127.0.0.1:15010`
   * @param code the code of the system or of the HTTP client, such as `ECONNREFUSED`, or empty
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
