import type { SidecarStatus } from './sidecar-status.js';
import type { WatchFacts } from './watch-facts.js';

type Moment = 'lostSince' | 'lastConnectedAt' | 'lastDisconnectedAt' | 'lastErrorAt' | 'nextRetryAt';

/** The part of the status that the registration knows. Times are milliseconds since 1970. */
export type RegistrationFacts = Omit<SidecarStatus, Moment | keyof WatchFacts | 'drain' | 'inFlight'> &
  Readonly<Record<Moment, number | null>>;

/** The facts before the first event. */
export const NO_FACTS: RegistrationFacts = Object.freeze({
  phase: 'starting',
  connected: false,
  registered: false,
  lostSince: null,
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
  workers: null,
});
