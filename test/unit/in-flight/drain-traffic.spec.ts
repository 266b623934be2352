import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DrainTraffic } from '../../../lib/in-flight/drain-traffic.js';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { ManualClock } from '../fixtures/manual-clock.js';

describe('DrainTraffic', () => {
  let clock: ManualClock;
  let calls: InFlightCalls;
  let drain: DrainTraffic;
  let startedAt: number;

  beforeEach(async () => {
    clock = new ManualClock();
    calls = new InFlightCalls(clock);
    calls.arrivals.note();
    await clock.advance(3_000);
    drain = calls.beginDrain();
    startedAt = clock.now();
  });

  it('shows no call as long as none has arrived, and for how long', async () => {
    await clock.advance(1_500);
    expect(drain.snapshot()).toEqual({ startedAt, lastCallAt: null, callsSince: 0, quietFor: 1_500 });
  });

  it('shows the calls since the drain, the last of them, and the quiet since then', async () => {
    calls.arrivals.note();
    await clock.advance(1_000);
    calls.arrivals.note();
    await clock.advance(400);
    expect(drain.snapshot()).toEqual({
      startedAt,
      lastCallAt: startedAt + 1_000,
      callsSince: 2,
      quietFor: 400,
    });
  });

  it('stays as it is after its end', async () => {
    await clock.advance(1_000);
    expect(drain.isOpen).toBe(true);
    drain.end();
    expect(drain.isOpen).toBe(false);
    const end = drain.snapshot();
    expect(end).toEqual({ startedAt, lastCallAt: null, callsSince: 0, quietFor: 1_000 });
    calls.arrivals.note();
    await clock.advance(1_000);
    drain.end();
    expect(drain.snapshot()).toEqual(end);
  });

  it('tells when the agent answered, and of the minute before', async () => {
    expect(drain.facts(undefined)).toEqual({
      before: { calls: 1, longestGap: 3_000, lastAt: 0 },
      since: { calls: 0, longestGap: 0, lastAt: undefined },
      startedAt: 3_000,
      answeredAt: undefined,
      agentLostAt: undefined,
    });
    await clock.advance(20);
    drain.answered();
    expect(drain.facts(2_000)).toMatchObject({ startedAt: 3_000, answeredAt: 3_020, agentLostAt: 2_000 });
  });
});
