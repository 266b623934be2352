import { describe, expect, it } from '@jest/globals';
import { NO_FACTS, type RegistrationFacts } from '../../../lib/status/registration-facts.js';
import { toSidecarStatus } from '../../../lib/status/to-sidecar-status.js';
import { NO_WATCH_FACTS, type WatchFacts } from '../../../lib/status/watch-facts.js';

const AT = Date.UTC(2026, 10, 21, 20, 5, 29, 7);

const FACTS: RegistrationFacts = {
  phase: 'registered',
  connected: true,
  registered: true,
  lostSince: AT - 3_000,
  lastServiceName: 'auth',
  lastServicePort: 10500,
  weight: 100,
  methodCount: 2,
  httpRouteCount: 1,
  revision: 2,
  registeredRevision: 1,
  lastConnectedAt: AT - 1_000,
  lastDisconnectedAt: AT - 2_000,
  disconnectCount: 1,
  registerReplayCount: 2,
  registerReplayFailureCount: 3,
  lastErrorKind: 'watch_stream_closed',
  lastError: 'the agent ended the event stream',
  lastErrorAt: AT - 2_000,
  dialect: 'node',
  instanceId: 'auth-1',
  state: 'Serving',
  workers: 2,
  nextRetryAt: AT + 500,
};

const HEARD: WatchFacts = {
  lastEventType: 'heartbeat',
  lastEventId: '2',
  lastEventAt: AT,
  agent: { service: 'sidecar-agent', status: 'ready', lifecycleState: 'running', ready: true },
};

describe('toSidecarStatus', () => {
  it('tells every fact, and moments as ISO 8601', () => {
    expect(JSON.parse(JSON.stringify(toSidecarStatus(FACTS, HEARD, 4)))).toEqual({
      ...FACTS,
      ...HEARD,
      lostSince: '2026-11-21T20:05:26.007Z',
      lastEventAt: '2026-11-21T20:05:29.007Z',
      lastConnectedAt: '2026-11-21T20:05:28.007Z',
      lastDisconnectedAt: '2026-11-21T20:05:27.007Z',
      lastErrorAt: '2026-11-21T20:05:27.007Z',
      nextRetryAt: '2026-11-21T20:05:29.507Z',
      drain: null,
      inFlight: 4,
    });
  });

  it('has all its fields in JSON though nothing has happened yet', () => {
    const status = JSON.parse(JSON.stringify(toSidecarStatus(NO_FACTS, NO_WATCH_FACTS, 0))) as object;
    expect(status).toEqual({
      phase: 'starting',
      connected: false,
      registered: false,
      lostSince: null,
      weight: null,
      methodCount: null,
      httpRouteCount: null,
      revision: 0,
      registeredRevision: 0,
      lastServiceName: null,
      lastServicePort: null,
      lastEventType: null,
      lastEventId: null,
      lastEventAt: null,
      lastConnectedAt: null,
      lastDisconnectedAt: null,
      disconnectCount: 0,
      registerReplayCount: 0,
      registerReplayFailureCount: 0,
      lastErrorKind: null,
      lastError: null,
      lastErrorAt: null,
      dialect: null,
      agent: null,
      instanceId: null,
      state: null,
      nextRetryAt: null,
      workers: null,
      drain: null,
      inFlight: 0,
    });
    expect(Object.keys(status).sort()).toEqual(
      [...Object.keys({ ...FACTS, ...HEARD }), 'drain', 'inFlight'].sort(),
    );
    expect(Object.isFrozen(NO_FACTS)).toBe(true);
  });

  it('tells nothing but the facts', () => {
    const more = { ...FACTS, secret: 'x', service: { name: 'auth' }, requests: [] };
    expect(toSidecarStatus(more, HEARD, 0)).toEqual(toSidecarStatus(FACTS, HEARD, 0));
  });

  it('cannot be changed, nor changes the facts', () => {
    const status = toSidecarStatus(FACTS, HEARD, 0);
    expect(Object.isFrozen(status)).toBe(true);
    expect(Object.isFrozen(status.agent)).toBe(true);
    expect(status.agent).not.toBe(HEARD.agent);
    expect(Object.isFrozen(HEARD.agent)).toBe(false);
  });

  it('takes the year 1970 for a moment', () => {
    expect(toSidecarStatus(FACTS, { ...HEARD, lastEventAt: 0 }, 0).lastEventAt).toBe(
      '1970-01-01T00:00:00.000Z',
    );
  });
});
