import type { AgentInstanceDescription } from '../agent-instance.js';
import type { RouteDocument } from './route-document.js';

/** The three calls that change the instances of an agent. */
export type AgentAction = 'register' | 'drain' | 'deregister';

/** A register that passed validation. */
export interface RegisterCommand {
  /** Identifies the instance, in this dialect only. */
  readonly identity: string;
  /** The body byte for byte. In the `node` dialect a register with an equal body is a replay. */
  readonly rawBody: string;
  /** `flat` dialect only: what the agent reads. A register with equal fields is a replay. */
  readonly fields?: string;
  /** `flat` dialect only: the routes that the register publishes. */
  readonly routes?: RouteDocument;
  /** The id that the body gives the instance; `undefined` in the `flat` dialect. */
  readonly instanceId: string | undefined;
  readonly description: AgentInstanceDescription;
}

/** A drain or deregister that passed validation. */
export interface LeaveCommand {
  readonly identity: string;
  /** The instance in words, for the answer if the agent does not hold it. */
  readonly subject: string;
}

/** A drain that passed validation. */
export interface DrainCommand extends LeaveCommand {
  /** Milliseconds. */
  readonly gracePeriod: number;
}
