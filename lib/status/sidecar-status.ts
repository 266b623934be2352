import type { RegistrationFacts } from './registration-facts.js';
import type { WatchFacts } from './watch-facts.js';

type Moment = 'lastEventAt' | 'lastConnectedAt' | 'lastDisconnectedAt' | 'lastErrorAt' | 'nextRetryAt';

/**
 * A snapshot of the registration, immutable and fit for a JSON answer: moments are ISO 8601 text, and no secret, header or
 * token is in it. The fields are those of the Go library's `Status`, and beside them `phase`, `dialect`, `agent`, `instanceId`,
 * `state`, `nextRetryAt`, `inFlight`, and what is announced: `weight`, `methodCount`, `httpRouteCount` and `revision`.
 */
export type SidecarStatus = Readonly<
  Omit<RegistrationFacts & WatchFacts, Moment> &
    Record<Moment, string | null> & {
      /** How many gRPC calls are in flight; of an `http` service, requests. */
      inFlight: number;
    }
>;

/** Makes the snapshot of what is known. */
export function toSidecarStatus(
  facts: RegistrationFacts,
  watch: WatchFacts,
  inFlight: number,
): SidecarStatus {
  return Object.freeze({
    phase: facts.phase,
    connected: facts.connected,
    registered: facts.registered,
    lastServiceName: facts.lastServiceName,
    lastServicePort: facts.lastServicePort,
    weight: facts.weight,
    methodCount: facts.methodCount,
    httpRouteCount: facts.httpRouteCount,
    revision: facts.revision,
    registeredRevision: facts.registeredRevision,
    lastEventType: watch.lastEventType,
    lastEventId: watch.lastEventId,
    lastEventAt: moment(watch.lastEventAt),
    lastConnectedAt: moment(facts.lastConnectedAt),
    lastDisconnectedAt: moment(facts.lastDisconnectedAt),
    disconnectCount: facts.disconnectCount,
    registerReplayCount: facts.registerReplayCount,
    registerReplayFailureCount: facts.registerReplayFailureCount,
    lastErrorKind: facts.lastErrorKind,
    lastError: facts.lastError,
    lastErrorAt: moment(facts.lastErrorAt),
    dialect: facts.dialect,
    agent: watch.agent && Object.freeze({ ...watch.agent }),
    instanceId: facts.instanceId,
    state: facts.state,
    nextRetryAt: moment(facts.nextRetryAt),
    inFlight,
  });
}

function moment(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
