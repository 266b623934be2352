import { describe, expect, it } from '@jest/globals';
import fc from '../../support/fast-check.js';
import { reassertDelay } from '../../../lib/registration/reassert-delay.js';

describe('reassertDelay', () => {
  it.each([
    ['half of the interval at least', 30_000, 0, 0, 15_000],
    ['all of it at most', 30_000, 0, 1, 30_000],
    ['no sooner than a hundred times what a register took', 30_000, 1_400, 0.5, 140_000],
    ['which a quick agent does not notice', 30_000, 3, 0.5, 22_500],
    ['but five minutes at most', 30_000, 9_000, 0.5, 300_000],
    ['unless the interval is longer', 3_600_000, 9_000, 0.5, 2_700_000],
  ])('%s', (_what, interval, took, random, delay) => {
    expect(reassertDelay(interval, took, random)).toBe(delay);
  });

  it('asks an agent for a hundredth of its time at most, but never waits five minutes more for that', () => {
    const milliseconds = fc.double({ min: 0, max: 1e9, noNaN: true });
    const random = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(milliseconds, milliseconds, random, (interval, took, chance) => {
        const delay = reassertDelay(interval, took, chance);
        expect(delay).toBeGreaterThanOrEqual(Math.max(interval / 2, Math.min(took * 100, 300_000)));
        expect(delay).toBeLessThanOrEqual(Math.max(interval, took * 100, 0));
        expect(delay).toBeLessThanOrEqual(Math.max(interval, 300_000));
      }),
    );
  });
});
