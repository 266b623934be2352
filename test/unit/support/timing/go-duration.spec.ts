import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { formatGoDuration, parseGoDuration } from '../../../../lib/support/timing/go-duration.js';
import { anyCharacter } from '../../fixtures/any-character.js';
import { cpuTime } from '../../../support/cpu-time.js';

const MILLISECONDS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  μs: 0.001,
  ns: 0.000_001,
};

describe('parseGoDuration', () => {
  it.each([
    ['0', 0],
    ['+0', 0],
    ['0s', 0],
    ['-0', 0],
    ['-0s', 0],
    ['-0h0.0m', 0],
    ['20s', 20_000],
    ['+20s', 20_000],
    ['1m30s', 90_000],
    ['1h2m3s4ms', 3_723_004],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['5.s', 5_000],
    ['1.25s', 1_250],
    ['250us', 0.25],
    ['250µs', 0.25],
    ['250μs', 0.25],
    ['500ns', 0.0005],
    ['1s1m', 61_000],
    ['1m1m', 120_000],
    ['007s', 7_000],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parseGoDuration(text)).toBeCloseTo(milliseconds, 9);
  });

  it.each([
    '',
    ' ',
    '+',
    '-',
    '00',
    '20',
    '1.5',
    's',
    '.s',
    '.',
    '-1s',
    '-0s1ns',
    '- 1s',
    '--1s',
    '++1s',
    '+-1s',
    '1s-1m',
    '1 s',
    ' 1s',
    '1s ',
    '1s\n',
    '1S',
    '1d',
    '1e3s',
    '1,5s',
    '0x1s',
    '1.2.3s',
    'soon',
    '1ss',
    '١s',
    `${'9'.repeat(400)}h`,
  ])('refuses %j', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });

  // With the square of the length it would take minutes.
  it('takes time in proportion to the length of the text', () => {
    const took = cpuTime(() => {
      for (const digit of ['9', '.', '1.', '1h', '-', '0']) {
        for (const end of ['', 'x', 's', '.']) parseGoDuration(digit.repeat(300_000) + end);
      }
    });
    expect(took).toBeLessThan(10_000);
  });

  it('never returns a negative zero', () => {
    for (const text of ['-0', '-0s', '-0h0.0m']) expect(parseGoDuration(text)).toBe(0);
  });

  it('reads every sum of terms', () => {
    const term = fc.tuple(
      fc.integer({ min: 0, max: 100_000 }),
      fc.option(fc.integer({ min: 0, max: 999 }), { nil: undefined }),
      fc.constantFrom(...Object.keys(MILLISECONDS)),
    );
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 5 }), (terms) => {
        const numbers = terms.map(([whole, part]) => (part === undefined ? `${whole}` : `${whole}.${part}`));
        const text = terms.map(([, , unit], index) => `${numbers[index]}${unit}`).join('');
        const sum = terms.reduce(
          (total, [, , unit], index) => total + Number(numbers[index]) * (MILLISECONDS[unit] ?? Number.NaN),
          0,
        );
        const parsed = parseGoDuration(text) ?? Number.NaN;
        expect(Math.abs(parsed - sum)).toBeLessThanOrEqual(sum * 1e-12);
      }),
    );
  });

  it('accepts any text and never returns a negative or infinite duration', () => {
    const alike = fc.stringMatching(/^[+-]?[\d.hmsunµ ]{0,12}$/);
    fc.assert(
      fc.property(fc.oneof(alike, fc.string({ unit: anyCharacter })), (text) => {
        const milliseconds = parseGoDuration(text);
        if (milliseconds === undefined) return;
        expect(milliseconds).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(milliseconds)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps no state between two texts', () => {
    expect(parseGoDuration('1h1x')).toBeUndefined();
    expect(parseGoDuration('1s')).toBe(1_000);
    expect(parseGoDuration('1s')).toBe(1_000);
  });
});

describe('formatGoDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1ms'],
    [500, '500ms'],
    [1_000, '1s'],
    [1_500, '1s500ms'],
    [20_000, '20s'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [3_600_000, '1h'],
    [3_723_004, '1h2m3s4ms'],
    [36_000_000, '10h'],
    [2 ** 31 - 1, '596h31m23s647ms'],
    [999.6, '1s'],
    [1_499.4, '1s499ms'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(formatGoDuration(milliseconds)).toBe(text);
  });

  it('writes what parseGoDuration reads back', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (milliseconds) => {
        expect(parseGoDuration(formatGoDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });

  it('writes numbers with units, the largest unit first, without zeros', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2 ** 31, noNaN: true }), (milliseconds) => {
        const text = formatGoDuration(milliseconds);
        expect(text).toMatch(/^([1-9]\d*h)?([1-9]\d*m)?([1-9]\d*s)?([1-9]\d*ms)?$/);
        expect(parseGoDuration(text)).toBe(Math.round(milliseconds));
      }),
    );
  });
});
