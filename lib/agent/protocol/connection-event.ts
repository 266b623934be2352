import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';

/** What the agent reports about itself. Every text is bounded and free of control characters. */
export interface AgentDescription {
  /** The agent's own service name, such as `sidecar-agent`; `consul` for a Consul agent. */
  readonly service?: string;
  /** The agent's status, such as `ready`. */
  readonly status?: string;
  /** The agent's state, such as `running`. */
  readonly lifecycleState?: string;
  /** Whether the agent is ready; of a Consul agent, whether its servers have a leader. */
  readonly ready?: boolean;
}

/** The data of an event of the agent. Every text is bounded and free of control characters. */
export interface AgentEventDetail {
  /** The id of the event; empty if it has none. */
  readonly id: string;
  /** The message of the event; empty if it has none. */
  readonly message: string;
  /** What the agent reports about itself, if the event has it. */
  readonly agent?: AgentDescription;
}

/** The agent accepted the event stream. The module registers now. */
export interface ConnectedEvent extends AgentEventDetail {
  readonly type: 'connected';
  /**
   * In words, if the agent had lost the registration while the stream stayed open. Only the event
   * source of Consul tells that.
   */
  readonly loss?: string;
}

/** The agent is alive. The module does nothing. */
export interface HeartbeatEvent extends AgentEventDetail {
  readonly type: 'heartbeat';
}

/** The event stream ended, or could not be opened. */
export interface DisconnectedEvent {
  readonly type: 'disconnected';
  /** Why the event stream ended. */
  readonly error: SidecarAgentError;
  /** When the module tries the next connection; absent if the watch was stopped. */
  readonly nextRetryAt?: Date;
}

/** An event of `WatchService.events$`: an event of the agent, or the end of the event stream. */
export type ConnectionEvent = ConnectedEvent | HeartbeatEvent | DisconnectedEvent;

/** An event that the agent sent. */
export type AgentEvent = ConnectedEvent | HeartbeatEvent;
