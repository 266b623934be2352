import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { boundedString, boundedText } from '../../../../lib/support/text/bounded-text.js';
import { anyCharacter } from '../../fixtures/any-character.js';

/** Lists controls, separators and direction marks one by one. */
function isUnprintable(character: string): boolean {
  const code = character.charCodeAt(0);
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    [0x2028, 0x2029, 0x200e, 0x200f].includes(code) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

describe('boundedText', () => {
  it.each([
    ['ready', 'ready'],
    ['', ''],
    ['  padded  ', 'padded'],
    ['two  spaces', 'two  spaces'],
    ['naïve ☃ 漢字 🦊', 'naïve ☃ 漢字 🦊'],
    ['a\nb', 'a b'],
    ['a\r\n\tb', 'a b'],
    ['a\u0000\u0001b', 'a b'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['a\u0085b\u009fc\u007fd', 'a b c d'],
    ['a\u2028b\u2029c', 'a b c'],
    ['a\u202eb\u2066c\u2069d\u200ee', 'a b c d e'],
    ['\n\n', ''],
  ])('makes %j into %j', (text, expected) => {
    expect(boundedText(text)).toBe(expected);
  });

  it('keeps 256 characters by default', () => {
    expect(boundedText('a'.repeat(256))).toBe('a'.repeat(256));
    expect(boundedText('a'.repeat(257))).toBe(`${'a'.repeat(256)}…`);
    expect(boundedText('abcdef', 3)).toBe('abc…');
    expect(boundedText('abc', 3)).toBe('abc');
  });

  it('does not cut a surrogate pair in two', () => {
    expect(boundedText('a🦊', 2)).toBe('a…');
    expect(boundedText('a🦊b', 3)).toBe('a🦊…');
  });

  it('cuts before it searches for control characters', () => {
    expect(boundedText('\n'.repeat(5_000_000), 10)).toBe('…');
  });

  it('bounds any text and removes every unprintable character', () => {
    const text = fc.oneof(fc.string({ unit: anyCharacter, maxLength: 400 }), fc.string({ maxLength: 400 }));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 300 }), (given, limit) => {
        const bounded = boundedText(given, limit);
        expect(bounded.length).toBeLessThanOrEqual(limit + 1);
        expect([...bounded].some(isUnprintable)).toBe(false);
        expect(bounded).toBe(bounded.trim());
        expect(boundedText(bounded, limit)).toBe(bounded);
      }),
    );
  });

  it('keeps short printable text as it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 256, unit: 'grapheme-ascii' }), (text) => {
        expect(boundedText(text)).toBe(text.trim());
      }),
    );
  });
});

describe('boundedString', () => {
  it.each([undefined, null, 0, 7, true, {}, [], ['a'], Symbol('a')])('returns undefined for %p', (value) => {
    expect(boundedString(value)).toBeUndefined();
  });

  it.each(['', ' ', '\n\t', '\u0000'])('returns undefined for the blank %j', (value) => {
    expect(boundedString(value)).toBeUndefined();
  });

  it('bounds text', () => {
    expect(boundedString(' a\nb ')).toBe('a b');
    expect(boundedString('abcdef', 3)).toBe('abc…');
  });
});
