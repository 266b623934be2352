import { boundedText } from '../text/bounded-text.js';
import { counted } from '../text/counted.js';
import { kindOf } from '../text/describe-value.js';

/** An address with one of these may hold credentials or a token. */
const MAY_BE_CONFIDENTIAL = /[@?#]/;

/**
 * Returns the end of a fault that shows what was given: `, got "soon"`, `, got a list`, `, got a
 * string of 81 characters`. It is empty if the value may be confidential.
 *
 * @param longest the length up to which a string is shown; of a longer one only the length is
 */
export function got(value: unknown, longest = 80): string {
  const given = describe(value, longest);
  return given === undefined ? '' : `, got ${given}`;
}

function describe(value: unknown, longest: number): string | undefined {
  switch (typeof value) {
    case 'string':
      if (value.length > longest) return `a string of ${counted(value.length, 'character')}`;
      return MAY_BE_CONFIDENTIAL.test(value) ? undefined : boundedText(JSON.stringify(value), Infinity);
    case 'object':
      return Array.isArray(value) && value.length === 0 ? 'an empty list' : kindOf(value);
    case 'function':
    case 'symbol':
      return kindOf(value);
    case 'bigint':
      return `${value}n`;
    default:
      return String(value);
  }
}
