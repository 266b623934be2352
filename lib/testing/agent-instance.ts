import type { HttpRoute } from '../service/routes/http-route.js';
import type { AgentDialect } from './agent-dialect.js';

/**
 * The state of an instance on the agent.
 *
 * - `Registered`: the agent accepted the register; the port has not accepted a connection yet.
 *   Only in the node dialect.
 * - `Serving`: the instance receives calls. In the node dialect the port accepted a TCP connection;
 *   in the flat dialect an instance is serving from its register on.
 * - `Draining`: the instance receives no new calls. The same register does not change that, in the
 *   node dialect no register does: deregister first. In the flat dialect a register with other
 *   fields makes a new instance.
 * - `Deregistered`: the instance is gone. The agent keeps the last 1000 of these for your tests,
 *   fewer if their registers are large (64 MiB together).
 */
export type AgentInstanceState = 'Registered' | 'Serving' | 'Draining' | 'Deregistered';

/** One entry in the history of an instance. */
export interface AgentStateChange {
  /** The state that the instance entered. */
  readonly state: AgentInstanceState;
  /** When it entered this state. */
  readonly at: Date;
}

/** The content of a register, the same for both dialects. */
export interface AgentInstanceDescription {
  /** The dialect of the register. */
  readonly dialect: AgentDialect;
  /** The id of the application: `app.id` or `app_id`. */
  readonly appId: string;
  /** The name of the service: `service.name` or `name`. */
  readonly name: string;
  /** The namespace of the service. */
  readonly namespace: string;
  /** The environment of the application, for example `prod`. */
  readonly env: string;
  /** The version of the application. */
  readonly version: string;
  /** The host name that callers use. */
  readonly dns: string;
  /** `grpc` or `http`. */
  readonly protocol: string;
  /** The share of calls that the instance takes, 1 or more. */
  readonly weight: number;
  /** The port that the process listens on: `server_port`, which the agent probes, or `port`. */
  readonly port: number;
  /** The port that callers use: `service.port`. In the flat dialect the same as `port`. */
  readonly servicePort: number;
  /** Full method names, unchanged and in the order of the register. */
  readonly methods: readonly string[];
  /** The routes for an HTTP gateway, in the order of the register; empty in the flat dialect. */
  readonly httpRoutes: readonly HttpRoute[];
  /** The whole body of the register, parsed. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** An instance as the agent holds it. It is a snapshot: later changes make a new object. */
export interface AgentInstance extends AgentInstanceDescription {
  /** `app.instance_id`; in the flat dialect an id that the agent made. */
  readonly instanceId: string;
  /** The state it is in now. */
  readonly state: AgentInstanceState;
  /** All states it was in, oldest first. The last entry is {@link state}. */
  readonly history: readonly AgentStateChange[];
  /**
   * The number of later registers that were equal to the first one: byte for byte in the node
   * dialect, in all known fields in the flat dialect, in which repeated methods count once.
   */
  readonly replays: number;
  /** When the agent accepted the first register. */
  readonly registeredAt: Date;
  /** When the instance last changed or a replay last refreshed it. */
  readonly updatedAt: Date;
  /** When the grace period ends. Only set while the instance is draining. */
  readonly drainDeadline?: Date;
}
