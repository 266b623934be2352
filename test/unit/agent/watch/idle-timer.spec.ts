import { beforeEach, describe, expect, it } from '@jest/globals';
import { IdleLimit } from '../../../../lib/agent/watch/idle-limit.js';
import { IdleTimer } from '../../../../lib/agent/watch/idle-timer.js';
import { advanceReading, ManualClock } from '../../fixtures/manual-clock.js';

describe('IdleTimer', () => {
  let clock: ManualClock;
  let limit: IdleLimit;
  /** The limits that have passed. */
  const idle: number[] = [];

  beforeEach(() => {
    clock = new ManualClock();
    limit = new IdleLimit(15_000);
    idle.length = 0;
  });

  const start = () => new IdleTimer(clock, limit, (silent) => idle.push(silent));

  const pass = (milliseconds: number) => advanceReading(clock, milliseconds);

  it('tells once of a silence as long as the limit, and not earlier', async () => {
    start();
    await pass(14_999);
    expect(idle).toEqual([]);
    await pass(1);
    expect(idle).toEqual([15_000]);
    expect(clock.timers).toBe(0);
  });

  it('counts from the last byte, with one timer', async () => {
    const timer = start();
    for (const milliseconds of [1, 4_999, 5_000]) {
      await pass(milliseconds);
      timer.restart();
      expect(clock.timers).toBe(1);
    }
    await pass(14_999);
    expect(idle).toEqual([]);
    await pass(1);
    expect(idle).toEqual([15_000]);
  });

  it('doubles the limit before it tells of the silence', async () => {
    const limits: number[] = [];
    new IdleTimer(clock, limit, () => limits.push(limit.current));
    await pass(15_000);
    expect(limits).toEqual([30_000]);
  });

  it('waits for as long as the limit says by then', async () => {
    limit.cut();
    const timer = start();
    await pass(20_000);
    timer.restart();
    expect(limit.current).toBe(60_000);
    await pass(59_999);
    expect(idle).toEqual([]);
    await pass(1);
    expect(idle).toEqual([60_000]);
  });

  it('does not count the time before it starts', async () => {
    limit.cut();
    await pass(40_000);
    const timer = start();
    await pass(1_000);
    timer.restart();
    expect(limit.current).toBe(30_000);
    await pass(29_999);
    expect(idle).toEqual([]);
  });

  it.each([0, 20_000])(
    'tells nothing after stop(), and leaves no timer after %d ms',
    async (milliseconds) => {
      const timer = start();
      await pass(milliseconds / 2);
      timer.restart();
      await pass(milliseconds / 2);
      timer.stop();
      expect(clock.timers).toBe(0);
      await pass(60_000);
      expect(idle).toEqual([]);
    },
  );
});
