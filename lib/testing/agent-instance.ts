import type { HttpRoute } from '../service/routes/http-route.js';
import type { AgentDialect } from './wire/agent-dialect.js';

/**
 * Where an instance stands in the agent's eyes.
 *
 * - `Registered`: accepted, its port did not answer yet.
 * - `Serving`: its port accepted a TCP connection; in rotation.
 * - `Draining`: out of rotation until it is deregistered. A register does not bring it back.
 * - `Deregistered`: gone; kept for a while so that one can look at it.
 */
export type AgentInstanceState = 'Registered' | 'Serving' | 'Draining' | 'Deregistered';

/** One step in the life of an instance. */
export interface AgentStateChange {
  /** The state it entered. */
  readonly state: AgentInstanceState;
  /** When it entered it. */
  readonly at: Date;
}

/** What a register says of an instance, read out of either dialect. */
export interface AgentInstanceDescription {
  /** The dialect it was registered in. */
  readonly dialect: AgentDialect;
  /** `app.id` or `app_id`. */
  readonly appId: string;
  /** The service's name: `service.name` or `name`. */
  readonly name: string;
  /** The service's namespace. */
  readonly namespace: string;
  /** The environment it runs in, `prod` for instance. */
  readonly env: string;
  /** The application's version. */
  readonly version: string;
  /** The name callers dial. */
  readonly dns: string;
  /** `grpc` or `http`. */
  readonly protocol: string;
  /** The share of calls it takes, above 0. */
  readonly weight: number;
  /** Where the process listens, on this host: `server_port` or `port`. This is the port the agent probes. */
  readonly port: number;
  /** The port callers dial: `service.port`; in the flat dialect the same as `port`. */
  readonly servicePort: number;
  /** Full method names, as they came. */
  readonly methods: readonly string[];
  /** The routes of an HTTP gateway, as they came; the flat dialect has none. */
  readonly httpRoutes: readonly HttpRoute[];
  /** The whole body of the register, parsed. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** An instance as the agent holds it: a snapshot that does not change any more. */
export interface AgentInstance extends AgentInstanceDescription {
  /** `app.instance_id`; in the flat dialect an id that the agent made. */
  readonly instanceId: string;
  /** Where it stands. */
  readonly state: AgentInstanceState;
  /** Every state it was in, the first one first, the present one last. */
  readonly history: readonly AgentStateChange[];
  /** How many registers equal to the first one, byte for byte, refreshed it. */
  readonly replays: number;
  /** When it was registered first. */
  readonly registeredAt: Date;
  /** When it last changed or was last refreshed. */
  readonly updatedAt: Date;
  /** Only while draining: when its grace period ends. */
  readonly drainDeadline?: Date;
}
