import { SidecarAgentError } from './sidecar-agent.error.js';

/** A register, the first or a replay, did not succeed; `cause` is what the client threw. It is tried again while the stream is up. */
export class RegisterReplayError extends SidecarAgentError {
  override readonly name = 'RegisterReplayError';

  constructor(cause: Error) {
    super('register_replay', `register failed: ${cause.message}`, { cause });
  }
}
