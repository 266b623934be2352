import { describe, expect, it } from '@jest/globals';
import { got } from '../../../../lib/support/schema/got.js';

describe('got', () => {
  it.each([
    ['soon', '"soon"'],
    ['', '""'],
    ['a\n\u202eb', '"a\\n b"'],
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [9090n, '9090n'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[], 'an empty list'],
    [['a'], 'a list'],
    [{ a: 1 }, 'an object'],
    [{ toString: false }, 'an object'],
    [Object.create(null), 'an object'],
    [new Map(), 'an object'],
    [() => {}, 'a function'],
    [Symbol('a'), 'a symbol'],
  ])('shows %p', (value: unknown, text) => {
    expect(got(value)).toBe(`, got ${text}`);
  });

  it('shows of a long text its length alone', () => {
    expect(got('x'.repeat(80))).toBe(`, got "${'x'.repeat(80)}"`);
    expect(got('x'.repeat(81))).toBe(', got a string of 81 characters');
    expect(got('secret', 5)).toBe(', got a string of 6 characters');
  });

  it.each(['http://me:s3cret@agent', 'http://agent/?token=s3cret', 'http://agent/#s3cret'])(
    'shows nothing of %j',
    (value) => {
      expect(got(value)).toBe('');
    },
  );
});
