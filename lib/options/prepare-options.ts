import type { AgentKind } from '../agent/connection/agent-kind.js';
import type { OptionFault } from '../errors/invalid-options.error.js';

/** What becomes of the options at an agent that is not a sidecar-agent. */
export interface PreparedOptions {
  /** The options with what else is known of the agent. They may have faults. */
  readonly options: unknown;
  /** The faults that only this agent finds in them. */
  readonly faults: readonly OptionFault[];
  /** What the agent is. */
  readonly kind: AgentKind;
}

/** Completes the options that a user gave, whatever they are, for another kind of agent. */
export type PrepareOptions = (given: unknown) => PreparedOptions;
