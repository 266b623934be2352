import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { IdleLimit } from '../../../../lib/agent/watch/idle-limit.js';

const OPTION = 15_000;

/** Plays streams of an agent that beats at an interval, and returns the limits that cut them. */
function cutsOf(interval: number, streams: number, beats = 8): number[] {
  const limit = new IdleLimit(OPTION);
  const cuts: number[] = [];
  for (let stream = 0; stream < streams; stream += 1) {
    limit.opened(0);
    for (let beat = 1; beat <= beats; beat += 1) {
      if (interval > limit.current) {
        cuts.push(limit.current);
        limit.cut();
        break;
      }
      limit.arrived(beat * interval);
    }
  }
  return cuts;
}

describe('IdleLimit', () => {
  it('is the option first', () => {
    expect(new IdleLimit(OPTION).current).toBe(OPTION);
  });

  it.each([
    [5_000, []],
    [15_000, []],
    [20_000, [15_000]],
    [50_000, [15_000, 30_000]],
    [90_000, [15_000, 30_000, 60_000]],
  ])('an agent that beats every %d ms is cut after %j', (interval, cuts) => {
    expect(cutsOf(interval, 10)).toEqual(cuts);
  });

  it('is three times the longest gap, once the interval is known', () => {
    const limit = new IdleLimit(OPTION);
    limit.cut();
    limit.opened(0);
    limit.arrived(20_000);
    expect(limit.current).toBe(60_000);
  });

  it('does not take the pieces of the first event for heartbeats', () => {
    const limit = new IdleLimit(OPTION);
    limit.cut();
    limit.opened(0);
    for (const at of [1, 2, 3]) limit.arrived(at);
    expect(limit.current).toBe(30_000);
  });

  it('begins anew with each stream: the time before it is no gap, and no part of its age', () => {
    const limit = new IdleLimit(OPTION);
    limit.cut();
    limit.opened(100_000);
    limit.arrived(101_000);
    expect(limit.current).toBe(30_000);
    limit.arrived(115_000);
    expect(limit.current).toBe(42_000);
  });

  it('falls back to the option at an agent that beats more often, such as another version', () => {
    const limit = new IdleLimit(OPTION);
    for (let cuts = 0; cuts < 3; cuts += 1) limit.cut();
    limit.opened(0);
    for (let at = 5_000; at <= 15_000; at += 5_000) limit.arrived(at);
    expect(limit.current).toBe(OPTION);
  });

  it('grows again after a cut, should the agent beat less often from now on', () => {
    const limit = new IdleLimit(OPTION);
    limit.opened(0);
    for (let at = 5_000; at <= 60_000; at += 5_000) limit.arrived(at);
    limit.cut();
    expect(limit.current).toBe(30_000);
  });

  it('is five minutes at most at an agent that never beats, or the option if that is longer', () => {
    for (const option of [OPTION, 900_000]) {
      const limit = new IdleLimit(option);
      for (let cuts = 0; cuts < 20; cuts += 1) limit.cut();
      expect(limit.current).toBe(Math.max(option, 300_000));
    }
  });

  it('whatever the interval up to five minutes, the cuts end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300_000 }), (interval) => {
        expect(cutsOf(interval, 20, 20).length).toBeLessThanOrEqual(5);
      }),
    );
  });
});
