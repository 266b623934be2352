import { describe, expect, it } from '@jest/globals';
import fc from '../../support/fast-check.js';
import { differences, fitLine, median, percentile, ratios } from '../../../bench/src/statistics.js';

const numbers = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 40 });

describe('median', () => {
  it.each([
    [[3], 3],
    [[1, 9], 5],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[100, 1, 1, 1, 1], 1],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is NaN', () => {
    expect(median([])).toBeNaN();
  });

  it('has as many values below it as above', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  it('does not change its argument', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('percentile', () => {
  it('goes from the least to the greatest', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 100 }), (values, rank) => {
        expect(percentile(values, 0)).toBe(Math.min(...values));
        expect(percentile(values, 100)).toBe(Math.max(...values));
        expect(percentile(values, rank)).toBeGreaterThanOrEqual(percentile(values, Math.max(0, rank - 1)));
      }),
    );
  });

  it('lies between two neighbours', () => {
    expect(percentile([10, 20], 25)).toBe(12.5);
  });
});

describe('fitLine', () => {
  it('finds the line that the points are on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -50, max: 50 }),
        (slope, intercept) => {
          const line = fitLine([0, 1, 5, 9].map((x) => [x, slope * x + intercept] as const));
          expect(line.slope).toBeCloseTo(slope);
          expect(line.intercept).toBeCloseTo(intercept);
          expect(line.r2).toBeCloseTo(1);
        },
      ),
    );
  });

  it('goes between points that are not on a line', () => {
    const line = fitLine([
      [0, 0],
      [0, 2],
      [1, 1],
      [1, 3],
    ]);
    expect(line).toEqual({ slope: 1, intercept: 1, r2: 0.2 });
  });

  it('is flat if nothing changes', () => {
    expect(
      fitLine([
        [1, 7],
        [2, 7],
      ]),
    ).toEqual({ slope: 0, intercept: 7, r2: 1 });
  });
});

describe('ratios and differences', () => {
  it('compares each round with its own baseline', () => {
    expect(ratios([1, 2, 4], [2, 2, 2])).toEqual([2, 1, 0.5]);
    expect(differences([1, 2, 4], [2, 2, 2])).toEqual([1, 0, -2]);
  });

  it('is empty without a baseline', () => {
    expect(ratios([], [1, 2])).toEqual([]);
  });
});
