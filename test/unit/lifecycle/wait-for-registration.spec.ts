import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isHeldBackManually, waitForRegistration } from '../../../lib/lifecycle/wait-for-registration.js';
import type { SidecarAgent } from '../../../lib/sidecar-agent.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

describe('waitForRegistration', () => {
  let clock: ManualClock;
  let phase: string;
  let lastError: string | null;
  let register: () => void;
  let agent: SidecarAgent;
  const logger = new Logger('test');
  const warn = jest.spyOn(logger, 'warn').mockImplementation(() => {});

  beforeEach(() => {
    clock = new ManualClock();
    phase = 'registering';
    lastError = null;
    warn.mockClear();
    const registered = new Promise<void>((resolve) => (register = resolve));
    const stub = { status: () => ({ phase, lastError }), registered: () => registered };
    agent = stub as unknown as SidecarAgent;
  });

  const wait = (limit: number) => watched(waitForRegistration({ agent, clock, logger, limit }));

  it('ends with the registration, without a warning or a timer', async () => {
    const waiting = wait(1_000);
    await clock.advance(999);
    expect(waiting.settled).toBe(false);
    register();
    await clock.advance(0);
    expect([waiting.settled, clock.timers, warn.mock.calls]).toEqual([true, 0, []]);
  });

  it('ends at the limit with a warning', async () => {
    const waiting = wait(1_000);
    await clock.advance(1_000);
    expect(waiting.settled).toBe(true);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^Not registered within 1000 ms \(waitForRegistration\)/)],
    ]);
  });

  it.each([
    [null, /, the agent has not answered so far; start-up continues/],
    ['connect ECONNREFUSED', /, last error: connect ECONNREFUSED; start-up continues/],
  ])('says why it has waited for nothing if the last error is %p', async (error, told) => {
    const waiting = wait(1_000);
    lastError = error;
    await clock.advance(1_000);
    expect(waiting.settled).toBe(true);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(told)]]);
  });

  it.each([
    ['there is no limit', 0, 'registering'],
    ['the service is drained manually', 1_000, 'draining'],
    ['the service is deregistered manually', 1_000, 'deregistered'],
  ])('does not wait if %s', async (_what, limit, now) => {
    phase = now;
    const waiting = wait(limit);
    await clock.advance(0);
    expect([waiting.settled, clock.timers, warn.mock.calls]).toEqual([true, 0, []]);
  });

  it('does not warn of a service that your code drained meanwhile', async () => {
    const waiting = wait(1_000);
    phase = 'draining';
    await clock.advance(1_000);
    expect([waiting.settled, warn.mock.calls]).toEqual([true, []]);
  });

  it.each([
    ['draining', true],
    ['deregistered', true],
    ['registered', false],
    ['registering', false],
    ['stopped', false],
  ])('a service that is %s is held back: %s', (now, expected) => {
    phase = now;
    expect(isHeldBackManually(agent)).toBe(expected);
  });
});
