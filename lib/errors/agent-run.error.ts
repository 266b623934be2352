import { SidecarAgentError } from './sidecar-agent.error.js';

/**
 * The stage in which a managed run failed. The names are those of the Go library.
 *
 * - `lifecycle`: the application could not be created or initialised, or the module could not start
 *   to register it
 * - `serve`: a server could not listen, or closed although no code asked for it
 * - `agent_shutdown`: the drain or the deregister failed
 * - `shutdown`: `app.close()` failed or took too long
 */
export type AgentRunStage = 'lifecycle' | 'serve' | 'shutdown' | 'agent_shutdown';

/** A failure in a managed run. */
export interface AgentRunFailure {
  readonly stage: AgentRunStage;
  /** The value that was thrown. */
  readonly cause: unknown;
}

/**
 * `runSidecarApp` failed. It rejects with this error after all steps, so the application is closed
 * by then. `stage` and `cause` tell the first failure.
 */
export class AgentRunError extends SidecarAgentError {
  override readonly name = 'AgentRunError';
  /** The stage of the first failure. */
  readonly stage: AgentRunStage;
  /**
   * The later failures, oldest first, such as a failed close after a server that could not listen.
   */
  readonly suppressed: readonly AgentRunFailure[];

  constructor({ stage, cause }: AgentRunFailure, suppressed: readonly AgentRunFailure[] = []) {
    const later = suppressed.map((failure) => `; then in ${describe(failure)}`).join('');
    super('runtime_error', `runSidecarApp failed in ${describe({ stage, cause })}${later}`, { cause });
    this.stage = stage;
    this.suppressed = suppressed;
  }
}

function describe({ stage, cause }: AgentRunFailure): string {
  return `stage ${stage}: ${SidecarAgentError.from(cause).message}`;
}
