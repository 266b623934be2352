import { describe, expect, it } from '@jest/globals';
import { longestBounds, timeToClose } from '../../../lib/lifecycle/close-bounds.js';
import { SystemClock } from '../../../lib/support/timing/sidecar-clock.js';

describe('timeToClose', () => {
  it.each([
    // closeBy, gracePeriod, leftAt, now: time to close
    ['the leave has not ended', 29_000, 20_000, undefined, 5_000, 24_000],
    ['the leave has not ended in time', 29_000, 20_000, undefined, 30_000, -1_000],
    ['the close follows the leave', 29_000, 20_000, 21_000, 21_900, 7_100],
    ['the close follows a leave that took all the time', 29_000, 20_000, 29_000, 29_000, 0],
    ['it comes 999 ms later', 29_000, 20_000, 21_000, 21_999, 7_001],
    ['it comes a second later', 29_000, 20_000, 21_000, 22_000, 20_000],
    ['it comes late, and more than the grace period is left', 29_000, 20_000, 5_000, 7_000, 22_000],
    ['it comes late, and less than the grace period is left', 29_000, 20_000, 5_000, 15_000, 20_000],
    ['it comes after shutdownTimeout', 29_000, 20_000, 5_000, 60_000, 20_000],
    ['it comes late, and shutdownTimeout is shorter than the grace period', 2_000, 20_000, 0, 1_500, 20_000],
    ['it comes late, and there is no grace period', 9_000, 0, 1_000, 4_000, 5_000],
    ['it comes after shutdownTimeout, and there is no grace period', 9_000, 0, 1_000, 12_000, 0],
  ])('if %s', (_case, closeBy, gracePeriod, leftAt, now, expected) => {
    expect(timeToClose({ closeBy, gracePeriod, leftAt }, now)).toBe(expected);
  });
});

describe('longestBounds', () => {
  const clock = new SystemClock();

  it.each([
    ['no module leaves', [undefined, undefined], undefined],
    ['one of them leaves', [undefined, { clock, rest: -5 }], { clock, rest: -5 }],
    [
      'all of them leave',
      [
        { clock, rest: 3 },
        { clock, rest: 7 },
        { clock, rest: 5 },
      ],
      { clock, rest: 7 },
    ],
  ])('if %s', (_case, all, expected) => {
    expect(longestBounds(all)).toEqual(expected);
  });
});
