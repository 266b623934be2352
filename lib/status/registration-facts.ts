import type { SidecarErrorKind } from '../errors/sidecar-error-kind.js';
import type { Dialect } from '../agent/protocol/dialect.js';

/**
 * Where the registration stands.
 *
 * - `disabled`: the option `enabled` is false
 * - `starting`: the application is not yet booted and bound
 * - `connecting`: no event stream
 * - `registering`: connected, and the agent has not yet said yes, or has said no
 * - `registered`: the agent's last word was yes
 * - `draining`: taken out of rotation, calls in flight go on
 * - `deregistering`: being taken out of the registry, or waiting for the last calls
 * - `deregistered`: taken out by hand
 * - `stopped`: the service has left
 */
export type RegistrationPhase =
  | 'disabled'
  | 'starting'
  | 'connecting'
  | 'registering'
  | 'registered'
  | 'draining'
  | 'deregistering'
  | 'deregistered'
  | 'stopped';

/** What is known of the registration. Moments are milliseconds since 1970; `null` is "not yet" or "none". */
export interface RegistrationFacts {
  readonly phase: RegistrationPhase;
  /** Whether the event stream is up: the agent has said `connected` on it. */
  readonly connected: boolean;
  /** Whether the agent's last word was yes, on the stream that is up. */
  readonly registered: boolean;
  readonly lastServiceName: string | null;
  /** The listening port that was registered. */
  readonly lastServicePort: number | null;
  /** The weight that is announced. */
  readonly weight: number | null;
  /** How many gRPC methods are announced. */
  readonly methodCount: number | null;
  /** How many HTTP routes are announced. */
  readonly httpRouteCount: number | null;
  /** Counts what is announced: 1 is the node that the service started with, and each update makes one more. */
  readonly revision: number;
  /** The revision that the agent accepted last; below `revision` while an update has not reached it. */
  readonly registeredRevision: number;
  readonly lastConnectedAt: number | null;
  readonly lastDisconnectedAt: number | null;
  /** How often a stream that was up was lost. */
  readonly disconnectCount: number;
  /** Every register that the agent accepted, the first included. */
  readonly registerReplayCount: number;
  /** Every register that failed; finding out the dialect is none. */
  readonly registerReplayFailureCount: number;
  readonly lastErrorKind: SidecarErrorKind | null;
  readonly lastError: string | null;
  readonly lastErrorAt: number | null;
  /** The dialect that the agent was last heard to speak. */
  readonly dialect: Dialect | null;
  /** The id under which the agent holds the instance, or else the one that it was sent. */
  readonly instanceId: string | null;
  /** The instance's state as the agent last said it. */
  readonly state: string | null;
  /** When the next connection or register is tried, while one is waited for. */
  readonly nextRetryAt: number | null;
}

/** The facts of a registration of which nothing has happened yet. */
export const NO_FACTS: RegistrationFacts = Object.freeze({
  phase: 'starting',
  connected: false,
  registered: false,
  lastServiceName: null,
  lastServicePort: null,
  weight: null,
  methodCount: null,
  httpRouteCount: null,
  revision: 0,
  registeredRevision: 0,
  lastConnectedAt: null,
  lastDisconnectedAt: null,
  disconnectCount: 0,
  registerReplayCount: 0,
  registerReplayFailureCount: 0,
  lastErrorKind: null,
  lastError: null,
  lastErrorAt: null,
  dialect: null,
  instanceId: null,
  state: null,
  nextRetryAt: null,
});
