import type { AgentInstance } from './agent-instance.js';
import type { AgentRequest } from './agent-request.js';

/** A watch stream was opened or closed. */
export interface AgentWatchChange {
  /** Which of the two happened. */
  readonly type: 'opened' | 'closed';
  /** The number of streams that are open now. */
  readonly watchers: number;
}

/** The events of an {@link EmbeddedAgent}: their names, and the value that listeners receive. */
export interface AgentEventMap {
  /** The agent received a whole request and has not acted on it yet. */
  request: AgentRequest;
  /** The agent answered a request (see its `status`), or opened a watch stream. */
  answer: AgentRequest;
  /** An instance entered another state. */
  instance: AgentInstance;
  /** A watch stream was opened or closed. */
  watch: AgentWatchChange;
}

/** A listener for one of the events in {@link AgentEventMap}. */
export type AgentEventListener<K extends keyof AgentEventMap> = (value: AgentEventMap[K]) => void;
