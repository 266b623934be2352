import type { AgentInstanceDescription } from '../agent-instance.js';

/** A register that passed validation. */
export interface RegisterCommand {
  /** What tells this instance from every other one in its dialect. */
  readonly identity: string;
  /** The body byte for byte: a replay is one that is equal to it. */
  readonly rawBody: string;
  /** The instance's own id, where its dialect has one. */
  readonly instanceId: string | undefined;
  readonly description: AgentInstanceDescription;
}

/** A drain or deregister that passed validation. */
export interface LeaveCommand {
  readonly identity: string;
  /** The instance in words, for the answer to an unknown one. */
  readonly subject: string;
}

/** A drain that passed validation. */
export interface DrainCommand extends LeaveCommand {
  /** Milliseconds. */
  readonly gracePeriod: number;
}
