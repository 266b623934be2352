import fc from 'fast-check';

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Any code point but a lone surrogate: the characters of fast-check's unit `binary`. That unit builds
 * a table of 80 MB in each spec that uses it, and Node keeps the modules of a finished spec.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: 0x10ffff - SURROGATES.count })
  .map((index) => String.fromCodePoint(index < SURROGATES.first ? index : index + SURROGATES.count));
