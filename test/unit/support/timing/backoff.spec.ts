import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { backoffDelay } from '../../../../lib/support/timing/backoff.js';

const BOUNDS = { reconnectInterval: 1_000, maxReconnectInterval: 5_000 };

describe('backoffDelay', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 5_000],
    [5, 5_000],
    [1_000, 5_000],
    [Infinity, 5_000],
    [0, 1_000],
    [-1, 1_000],
  ])('after %d failures waits from half of %d ms up to all of it', (failures, step) => {
    expect(backoffDelay(failures, BOUNDS, 0)).toBe(step / 2);
    expect(backoffDelay(failures, BOUNDS, 0.5)).toBe(step * 0.75);
    expect(backoffDelay(failures, BOUNDS, 1)).toBe(step);
  });

  it('does not grow if both bounds are the same', () => {
    const flat = { reconnectInterval: 200, maxReconnectInterval: 200 };
    expect([1, 2, 9].map((failures) => backoffDelay(failures, flat, 1))).toEqual([200, 200, 200]);
  });

  it.each([
    ['less than the step', 400, 500],
    ['more than the step', 3_000, 3_000],
    ['a minute', 60_000, 60_000],
    ['more than a minute', 60_001, 60_000],
    ['for ever', Infinity, 60_000],
    ['nonsense', NaN, 500],
    ['less than nothing', -1, 500],
  ])('waits as long as it is asked to, but no longer than a minute: %s', (_what, asked, delay) => {
    expect(backoffDelay(1, BOUNDS, 0, asked)).toBe(delay);
  });

  it('is not made shorter by what it is asked', () => {
    const slow = { reconnectInterval: 300_000, maxReconnectInterval: 300_000 };
    expect(backoffDelay(1, slow, 0, 200_000)).toBe(150_000);
  });

  const interval = fc.integer({ min: 1, max: 100_000 });
  const bounds = fc.tuple(interval, interval).map(([one, other]) => ({
    reconnectInterval: Math.min(one, other),
    maxReconnectInterval: Math.max(one, other),
  }));
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const failures = fc.oneof(fc.nat({ max: 40 }), fc.nat(), fc.constant(Infinity));

  it('stays between half of reconnectInterval and maxReconnectInterval', () => {
    fc.assert(
      fc.property(failures, bounds, chance, (count, given, random) => {
        const delay = backoffDelay(count, given, random);
        expect(delay).toBeGreaterThanOrEqual(given.reconnectInterval / 2);
        // The largest random number below 1 is rounded up to all of the step.
        expect(delay).toBeLessThanOrEqual(given.maxReconnectInterval);
      }),
    );
  });

  it('doubles with each failure up to maxReconnectInterval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 29 }), bounds, chance, (count, given, random) => {
        const [delay, next] = [count, count + 1].map((each) => backoffDelay(each, given, random));
        const longest = given.maxReconnectInterval * (0.5 + random / 2);
        expect(next).toBeCloseTo(Math.min((delay ?? 0) * 2, longest), 6);
      }),
    );
  });

  it('grows with the random number', () => {
    fc.assert(
      fc.property(failures, bounds, chance, chance, (count, given, one, other) => {
        fc.pre(Math.abs(one - other) > 1e-9);
        const isLater = backoffDelay(count, given, one) > backoffDelay(count, given, other);
        expect(isLater).toBe(one > other);
      }),
    );
  });
});
