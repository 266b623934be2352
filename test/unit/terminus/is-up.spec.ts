import { describe, expect, it } from '@jest/globals';
import { NO_FACTS, type RegistrationFacts } from '../../../lib/status/registration-facts.js';
import { toSidecarStatus } from '../../../lib/status/to-sidecar-status.js';
import { NO_WATCH_FACTS } from '../../../lib/status/watch-facts.js';
import type { HealthRules } from '../../../lib/terminus/health-options.js';
import { isUp } from '../../../lib/terminus/is-up.js';

const NOW = Date.UTC(2026, 10, 21, 20, 5, 29);

const up = (facts: Partial<RegistrationFacts>, require: HealthRules['require'], grace = 0) =>
  isUp(toSidecarStatus({ ...NO_FACTS, ...facts }, NO_WATCH_FACTS, 0), { require, grace }, NOW);

describe('isUp', () => {
  it.each(['registered', 'connected', 'once-registered'] as const)(
    'is down at first, and up if the module is turned off (%s)',
    (require) => {
      expect(up({}, require, 1_000)).toBe(false);
      expect(up({ phase: 'disabled' }, require)).toBe(true);
    },
  );

  it('wants a registration, of now or of less than the grace ago', () => {
    expect(up({ registered: true }, 'registered')).toBe(true);
    expect(up({ connected: true, registerReplayCount: 1 }, 'registered', 1_000)).toBe(false);
    expect(up({ lostSince: NOW }, 'registered')).toBe(false);
    expect(up({ lostSince: NOW - 999 }, 'registered', 1_000)).toBe(true);
    expect(up({ lostSince: NOW - 1_000 }, 'registered', 1_000)).toBe(false);
    expect(up({ lastDisconnectedAt: NOW }, 'registered', 1_000)).toBe(false);
  });

  it('wants an event stream, of now or of less than the grace ago', () => {
    expect(up({ connected: true }, 'connected')).toBe(true);
    expect(up({ lastDisconnectedAt: NOW }, 'connected')).toBe(false);
    expect(up({ lastDisconnectedAt: NOW - 999 }, 'connected', 1_000)).toBe(true);
    expect(up({ lastDisconnectedAt: NOW - 1_000 }, 'connected', 1_000)).toBe(false);
    expect(up({ lostSince: NOW }, 'connected', 1_000)).toBe(false);
    expect(up({ lastDisconnectedAt: NOW, phase: 'stopped' }, 'connected', 1_000)).toBe(false);
  });

  it.each(['draining', 'deregistering', 'deregistered', 'stopped'] as const)(
    'gives an event stream no grace while the service is %s',
    (phase) => {
      expect(up({ lastDisconnectedAt: NOW, phase }, 'connected', 1_000)).toBe(false);
      expect(up({ connected: true, phase }, 'connected', 1_000)).toBe(true);
    },
  );

  it('wants one registration, no matter when', () => {
    expect(up({ registerReplayCount: 1 }, 'once-registered')).toBe(true);
    expect(up({ registerReplayCount: 1, phase: 'stopped' }, 'once-registered')).toBe(true);
    expect(up({ registerReplayFailureCount: 1, connected: true }, 'once-registered')).toBe(false);
  });

  it('gives no grace for a moment that is still to come, after the clock was set back', () => {
    expect(up({ lostSince: NOW + 1 }, 'registered', 1_000)).toBe(false);
  });
});
