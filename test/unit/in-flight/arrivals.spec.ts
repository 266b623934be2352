import { beforeEach, describe, expect, it } from '@jest/globals';
import { Arrivals } from '../../../lib/in-flight/arrivals.js';
import { ManualClock } from '../fixtures/manual-clock.js';

describe('Arrivals', () => {
  let clock: ManualClock;
  let arrivals: Arrivals;
  const start = () => clock.elapsed();

  beforeEach(() => {
    clock = new ManualClock();
    arrivals = new Arrivals(clock);
  });

  function callsAtOnce(count: number): void {
    for (let index = 0; index < count; index += 1) arrivals.note();
  }

  it('tells of no calls at all', () => {
    expect(arrivals.lastMinute()).toEqual({ calls: 0, longestGap: 60_000, lastAt: undefined });
    expect(arrivals.sinceMark()).toEqual({ calls: 0, longestGap: 0, lastAt: undefined });
  });

  it('counts the calls of the last minute, and the longest time without one', async () => {
    callsAtOnce(3);
    await clock.advance(2_000);
    arrivals.note();
    await clock.advance(500);
    expect(arrivals.lastMinute()).toEqual({ calls: 4, longestGap: 2_000, lastAt: start() - 500 });
    await clock.advance(58_000);
    expect(arrivals.lastMinute()).toMatchObject({ calls: 1, longestGap: 58_500 });
    await clock.advance(2_000);
    expect(arrivals.lastMinute()).toMatchObject({ calls: 0, longestGap: 60_000, lastAt: undefined });
  });

  it('counts the time from the last call until now as a gap', async () => {
    for (let index = 0; index < 130; index += 1) {
      arrivals.note();
      await clock.advance(500);
    }
    expect(arrivals.lastMinute().longestGap).toBe(500);
    await clock.advance(3_500);
    expect(arrivals.lastMinute().longestGap).toBe(4_000);
  });

  it('remembers the longest of several gaps, wherever it lies', async () => {
    await clock.advance(7_000);
    arrivals.note();
    arrivals.mark();
    for (const gap of [1_000, 3_000, 500, 200, 200]) {
      await clock.advance(gap);
      arrivals.note();
    }
    expect(arrivals.lastMinute()).toEqual({ calls: 6, longestGap: 3_000, lastAt: start() });
    expect(arrivals.sinceMark()).toEqual({ calls: 5, longestGap: 3_000, lastAt: start() });
  });

  it('remembers the longest gap of a second in which calls arrive more than once', async () => {
    await clock.advance(7_000);
    arrivals.note();
    await clock.advance(2_500);
    arrivals.note();
    await clock.advance(100);
    arrivals.note();
    expect(arrivals.lastMinute()).toEqual({ calls: 3, longestGap: 2_500, lastAt: start() });
  });

  it('counts anew since the mark, the gap that was open at it included', async () => {
    arrivals.note();
    await clock.advance(1_000);
    arrivals.mark();
    await clock.advance(500);
    expect(arrivals.sinceMark()).toEqual({ calls: 0, longestGap: 0, lastAt: undefined });
    arrivals.note();
    expect(arrivals.sinceMark()).toEqual({ calls: 1, longestGap: 1_500, lastAt: start() });
    await clock.advance(4_000);
    expect(arrivals.sinceMark()).toMatchObject({ calls: 1, longestGap: 1_500 });
  });
});
