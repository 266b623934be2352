import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';

/** What the agent says of itself in an event; every text is bounded and free of control characters. */
export interface AgentDescription {
  readonly service?: string;
  readonly status?: string;
  readonly lifecycleState?: string;
  readonly ready?: boolean;
}

/** What an event of the watch stream carries beside its type. */
export interface AgentEventDetail {
  /** The id of the frame; empty where it has none. */
  readonly id: string;
  /** The event's words. */
  readonly message: string;
  /** What the agent says of itself, where it does. */
  readonly agent?: AgentDescription;
}

/** The agent accepted the stream: register now. */
export interface ConnectedEvent extends AgentEventDetail {
  readonly type: 'connected';
}

/** The agent is alive; there is nothing to do. */
export interface HeartbeatEvent extends AgentEventDetail {
  readonly type: 'heartbeat';
}

/** The stream is gone, or could not be opened. */
export interface DisconnectedEvent {
  readonly type: 'disconnected';
  /** Why. */
  readonly error: SidecarAgentError;
  /** When the next connection is tried; absent where none will be. */
  readonly nextRetryAt?: Date;
}

/** What the watch loop tells: the events of the agent, and the loss of the stream. */
export type ConnectionEvent = ConnectedEvent | HeartbeatEvent | DisconnectedEvent;

/** An event that came from the agent itself. */
export type AgentEvent = ConnectedEvent | HeartbeatEvent;
