import { SidecarAgentError } from './sidecar-agent.error.js';

/**
 * A register failed, the first one or a replay. The module retries while the event stream is open.
 * `cause` is the error of the client.
 */
export class RegisterReplayError extends SidecarAgentError {
  override readonly name = 'RegisterReplayError';

  /** @param advice what to do, if no repetition helps */
  constructor(cause: Error, advice?: string) {
    const toDo = advice === undefined ? '' : `: ${advice}`;
    super('register_replay', `register failed: ${cause.message}${toDo}`, { cause });
  }
}
