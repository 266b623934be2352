import { describe, expect, it } from '@jest/globals';
import { timeToClose } from '../../../lib/lifecycle/close-bounds.js';

const SETTINGS = { gracePeriod: 20_000, shutdownTimeout: 29_000, closeBy: 29_000 };

describe('timeToClose', () => {
  it.each([
    ['the leave has not ended', undefined, 5_000, 24_000],
    ['the close follows the leave', 21_000, 21_900, 7_100],
    ['the close follows a leave that took all the time', 29_000, 29_000, 0],
    ['it comes late, and more than the grace period is left', 5_000, 7_000, 22_000],
    ['it comes late, and less than the grace period is left', 5_000, 15_000, 20_000],
    ['it comes after shutdownTimeout', 5_000, 60_000, 20_000],
  ])('where %s', (_case, leftAt, now, expected) => {
    expect(timeToClose({ ...SETTINGS, leftAt }, now)).toBe(expected);
  });

  it('never gives a late close more than shutdownTimeout', () => {
    const times = { gracePeriod: 20_000, shutdownTimeout: 2_000, closeBy: 2_000, leftAt: 0 };
    expect(timeToClose(times, 10_000)).toBe(2_000);
  });
});
