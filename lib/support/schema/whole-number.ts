import * as v from 'valibot';

/**
 * Builds the schema of a whole number within bounds, both included.
 *
 * @param expected the message for anything else: `must be a whole number from 1 to 65535`
 */
export function wholeNumber(least: number, most: number, expected: string) {
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(least, expected),
    v.maxValue(most, expected),
  );
}
