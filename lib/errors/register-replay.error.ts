import { SidecarAgentError } from './sidecar-agent.error.js';

/**
 * A register failed, the first one or a replay. The module retries while the event stream is open.
 * `cause` is the error of the client.
 */
export class RegisterReplayError extends SidecarAgentError {
  override readonly name = 'RegisterReplayError';

  constructor(cause: Error) {
    super('register_replay', `register failed: ${cause.message}`, { cause });
  }
}
