import { SidecarAgentError } from './sidecar-agent.error.js';

/**
 * Where a managed run failed; the names are the Go library's.
 *
 * - `lifecycle`: the application could not be made or initialised, or the module could not announce it
 * - `serve`: a server could not listen, or was closed by nobody's wish
 * - `agent_shutdown`: leaving the mesh, drain or deregister
 * - `shutdown`: closing the application
 */
export type AgentRunStage = 'lifecycle' | 'serve' | 'shutdown' | 'agent_shutdown';

/** One thing that went wrong in a managed run. */
export interface AgentRunFailure {
  readonly stage: AgentRunStage;
  /** What was thrown. */
  readonly cause: unknown;
}

/**
 * A managed run failed. It is rejected with when all is cleaned up, whichever stage failed; `stage` and `cause` are those of
 * the first failure, `suppressed` has what went wrong after it.
 */
export class AgentRunError extends SidecarAgentError {
  override readonly name = 'AgentRunError';
  readonly stage: AgentRunStage;
  /** What failed later, in its order: a close, say, after a server that could not listen. */
  readonly suppressed: readonly AgentRunFailure[];

  constructor({ stage, cause }: AgentRunFailure, suppressed: readonly AgentRunFailure[] = []) {
    const later = suppressed.map((failure) => `; then ${told(failure)}`).join('');
    super('runtime_error', `the managed run failed in ${told({ stage, cause })}${later}`, { cause });
    this.stage = stage;
    this.suppressed = suppressed;
  }
}

function told({ stage, cause }: AgentRunFailure): string {
  return `${stage}: ${SidecarAgentError.from(cause).message}`;
}
