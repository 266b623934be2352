import type { DrainSnapshot } from '../in-flight/drain-traffic.js';
import type { RegistrationFacts } from './registration-facts.js';
import type { DrainStatus, SidecarStatus } from './sidecar-status.js';
import type { WatchFacts } from './watch-facts.js';

/**
 * Builds the snapshot, field by field: the facts come from a state that has more than the status
 * may tell.
 */
export function toSidecarStatus(
  facts: RegistrationFacts,
  watch: WatchFacts,
  inFlight: number,
  drain?: DrainSnapshot,
): SidecarStatus {
  return Object.freeze({
    phase: facts.phase,
    connected: facts.connected,
    registered: facts.registered,
    lostSince: isoText(facts.lostSince),
    lastServiceName: facts.lastServiceName,
    lastServicePort: facts.lastServicePort,
    weight: facts.weight,
    methodCount: facts.methodCount,
    httpRouteCount: facts.httpRouteCount,
    revision: facts.revision,
    registeredRevision: facts.registeredRevision,
    lastEventType: watch.lastEventType,
    lastEventId: watch.lastEventId,
    lastEventAt: isoText(watch.lastEventAt),
    lastConnectedAt: isoText(facts.lastConnectedAt),
    lastDisconnectedAt: isoText(facts.lastDisconnectedAt),
    disconnectCount: facts.disconnectCount,
    registerReplayCount: facts.registerReplayCount,
    registerReplayFailureCount: facts.registerReplayFailureCount,
    lastErrorKind: facts.lastErrorKind,
    lastError: facts.lastError,
    lastErrorAt: isoText(facts.lastErrorAt),
    dialect: facts.dialect,
    agent: watch.agent && Object.freeze({ ...watch.agent }),
    instanceId: facts.instanceId,
    state: facts.state,
    nextRetryAt: isoText(facts.nextRetryAt),
    workers: facts.workers,
    drain: drain ? toDrainStatus(drain) : null,
    inFlight,
  });
}

function toDrainStatus({ startedAt, lastCallAt, callsSince, quietFor }: DrainSnapshot): DrainStatus {
  return Object.freeze({
    startedAt: new Date(startedAt).toISOString(),
    lastCallAt: isoText(lastCallAt),
    callsSince,
    quietFor: Math.round(quietFor),
  });
}

function isoText(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
