import type { AgentDescription, ConnectionEvent } from '../agent/protocol/connection-event.js';
import type { Dialect } from '../agent/protocol/dialect.js';
import type { SidecarErrorKind } from '../errors/sidecar-error-kind.js';
import type { RegistrationPhase } from './registration-phase.js';

/** What a drain has shown of the routers. Times are ISO 8601 text in UTC. */
export type DrainStatus = Readonly<{
  /** When the module sent the drain. */
  startedAt: string;
  /** When the last call since then arrived; `null` if none did. */
  lastCallAt: string | null;
  /** How many calls have arrived since the drain. */
  callsSince: number;
  /** How long no call has arrived, in milliseconds: since the last one, or since the drain. */
  quietFor: number;
}>;

/**
 * An immutable snapshot of the registration. It holds no secret, header or token, so you can return
 * it from an HTTP endpoint.
 *
 * - `null` means: not yet, or not known.
 * - Times are ISO 8601 text in UTC with milliseconds, such as `2026-11-21T20:05:29.007Z`.
 * - Counters start at 0 when the process starts, and never fall.
 *
 * The fields of the Go library's `Status` keep their names, in camelCase. The module adds `phase`,
 * `lostSince`, `weight`, `methodCount`, `httpRouteCount`, `revision`, `registeredRevision`,
 * `dialect`, `agent`, `instanceId`, `state`, `nextRetryAt`, `workers`, `drain` and `inFlight`.
 */
export type SidecarStatus = Readonly<{
  /** The phase of the registration. */
  phase: RegistrationPhase;
  /** Whether the event stream is open: the agent sent `connected` on it. */
  connected: boolean;
  /**
   * Whether the agent accepted the last register it answered on the open event stream. False while
   * the service is drained, deregistered or leaving the mesh.
   */
  registered: boolean;
  /**
   * Since when the service is not registered though it was: the event stream was lost, or the agent
   * refused a register. `null` while it is registered, before the first register, and while it is
   * drained, deregistered or leaving the mesh.
   */
  lostSince: string | null;

  /** The service name of the last accepted register. */
  lastServiceName: string | null;
  /** The port of the last accepted register, 1 to 65535: the one the server listens on. */
  lastServicePort: number | null;
  /** The share of calls that the next register asks for, 1 or more. */
  weight: number | null;
  /** How many gRPC methods the next register lists; 0 for an HTTP service. */
  methodCount: number | null;
  /** How many HTTP routes the next register lists. */
  httpRouteCount: number | null;
  /** The number of the node to register: 0 before the start, then 1, and 1 more for each update. */
  revision: number;
  /** The revision the agent accepted last; less than `revision` until it accepts the update. */
  registeredRevision: number;

  /** The type of the last event of the watch. */
  lastEventType: ConnectionEvent['type'] | null;
  /** The last event id that the agent sent. */
  lastEventId: string | null;
  /** When the last event of the watch came. */
  lastEventAt: string | null;
  /** When the open event stream, or the last one, was opened. */
  lastConnectedAt: string | null;
  /** When an open event stream was last lost. */
  lastDisconnectedAt: string | null;
  /** How many open event streams were lost. Failed attempts to connect do not count. */
  disconnectCount: number;

  /** How many registers the agent accepted, the first included. */
  registerReplayCount: number;
  /** How many registers failed. Finding out the agent's dialect does not count. */
  registerReplayFailureCount: number;

  /** The kind of the last error. A later success does not reset the error fields. */
  lastErrorKind: SidecarErrorKind | null;
  /** The message of the last error, cut after 512 characters and without control characters. */
  lastError: string | null;
  /** When the last error happened. */
  lastErrorAt: string | null;

  /** The dialect of the last call that the agent accepted. It stays `null` at Consul. */
  dialect: Dialect | null;
  /** What the agent last said about itself; `null` if it never did. */
  agent: AgentDescription | null;
  /** The id under which the agent holds this instance; until it says so, the id that is sent. */
  instanceId: string | null;
  /** Last known state of this instance on the agent, such as `Registered` or `Draining`. */
  state: string | null;
  /** When the module next tries to connect or register; `null` if no retry is scheduled. */
  nextRetryAt: string | null;
  /**
   * How many processes of this user serve the port for this agent, this one included: 1, or more
   * with node:cluster or PM2's cluster mode. `null` before the start and on Windows.
   */
  workers: number | null;
  /**
   * The last drain, of the shutdown or manual, and the calls that arrived since: they tell how long
   * routers take to learn of a drain. `null` before the first drain.
   */
  drain: DrainStatus | null;
  /** How many calls are in flight now: gRPC calls, or HTTP requests for an HTTP service. */
  inFlight: number;
}>;
