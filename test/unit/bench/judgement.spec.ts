import { describe, expect, it } from '@jest/globals';
import { judge, shareOfBound } from '../../../bench/src/judgement.js';
import type { Figure } from '../../../bench/src/measurement.js';

const FIGURE: Figure = {
  id: 'register.p50',
  what: 'a register',
  unit: 'ms',
  against: 'a bare POST',
  baseline: [10, 20, 30],
  subject: [11, 20, 60],
  goals: [{ of: 'ratio', atMost: 1.15 }],
};

describe('judge', () => {
  it('takes the median of the rounds, not the ratio of the medians', () => {
    expect(judge(FIGURE)).toMatchObject({ baseline: 20, subject: 20, ratio: 1.1 });
  });

  it.each([
    [{ of: 'ratio', atMost: 1.1 }, 1.1, true],
    [{ of: 'ratio', atMost: 1.09 }, 1.1, false],
    [{ of: 'ratio', atLeast: 1.1 }, 1.1, true],
    [{ of: 'ratio', atLeast: 1.11 }, 1.1, false],
    [{ of: 'subject', atMost: 20 }, 20, true],
    [{ of: 'subject', atMost: 19 }, 20, false],
    [{ of: 'difference', atMost: 1 }, 1, true],
    [{ of: 'difference', atMost: 0 }, 1, false],
  ] as const)('%j: sees %d, reached: %s', (goal, seen, reached) => {
    expect(judge({ ...FIGURE, goals: [goal] }).goals).toEqual([{ goal, seen, reached }]);
  });

  it('judges a figure without a baseline by itself', () => {
    const alone = judge({ ...FIGURE, baseline: [], goals: [{ of: 'subject', atMost: 20 }] });
    expect(alone).toMatchObject({ baseline: null, subject: 20, ratio: null, goals: [{ reached: true }] });
  });

  it('does not count missing values as reached', () => {
    expect(judge({ ...FIGURE, subject: [] }).goals).toMatchObject([{ reached: false }]);
    expect(judge({ ...FIGURE, subject: [NaN, NaN, NaN] }).goals).toMatchObject([{ reached: false }]);
  });
});

describe('shareOfBound', () => {
  it('is 1 at the bound, and above 1 if the goal is missed, for upper and lower bounds', () => {
    expect(shareOfBound({ of: 'ratio', atMost: 2 }, 2)).toBe(1);
    expect(shareOfBound({ of: 'ratio', atMost: 2 }, 4)).toBe(2);
    expect(shareOfBound({ of: 'ratio', atLeast: 2 }, 1)).toBe(2);
    expect(shareOfBound({ of: 'ratio', atLeast: 2 }, 4)).toBe(0.5);
  });

  it('is a number for a bound of 0, too', () => {
    expect(shareOfBound({ of: 'subject', atMost: 0 }, 0)).toBe(0);
    expect(shareOfBound({ of: 'subject', atMost: 0 }, 3)).toBeGreaterThan(1);
  });
});
