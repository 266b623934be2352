import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { LONGEST_DURATION, readDuration } from '../../../../lib/support/timing/duration.js';
import { formatGoDuration } from '../../../../lib/support/timing/go-duration.js';

describe('readDuration', () => {
  it.each([
    [0, 0],
    [250, 250],
    [0.5, 0.5],
    ['20s', 20_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['0', 0],
    [LONGEST_DURATION, LONGEST_DURATION],
    [`${LONGEST_DURATION}ms`, LONGEST_DURATION],
  ])('reads %p as %d ms', (value, milliseconds) => {
    expect(readDuration(value)).toBe(milliseconds);
  });

  it.each([
    -1,
    Number.NaN,
    Infinity,
    -Infinity,
    LONGEST_DURATION + 1,
    `${LONGEST_DURATION + 1}ms`,
    '600h',
    '',
    '20',
    '-1s',
    'soon',
  ])('refuses %p', (value) => {
    expect(readDuration(value)).toBeUndefined();
  });

  it('accepts the longest delay of a timer', () => {
    expect(LONGEST_DURATION).toBe(2_147_483_647);
  });

  it('reads every delay of a timer, as a number and as text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LONGEST_DURATION }), (milliseconds) => {
        expect(readDuration(milliseconds)).toBe(milliseconds);
        expect(readDuration(formatGoDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });

  it('returns delays of a timer alone', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.string(), fc.stringMatching(/^\d{1,20}(h|m|s|ms)$/)), (value) => {
        const milliseconds = readDuration(value) ?? 0;
        expect(milliseconds).toBeGreaterThanOrEqual(0);
        expect(milliseconds).toBeLessThanOrEqual(LONGEST_DURATION);
      }),
    );
  });
});
