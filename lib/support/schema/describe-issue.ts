import type * as v from 'valibot';
import { didYouMean } from '../text/did-you-mean.js';
import { got } from './got.js';

/** The checks that a whole number is made of. */
const NUMERIC = new Set(['number', 'integer', 'min_value', 'max_value']);

const LONGEST_NUMBER = 16;
const LONGEST_TEXT = 80;

/**
 * Returns the message of an issue of a schema: what is expected, what was given, and the word that
 * was perhaps meant.
 *
 * @param isConfidential if set, the message shows nothing of the value
 */
export function describeIssue(issue: v.BaseIssue<unknown>, isConfidential: boolean): string {
  if (issue.input === undefined) return 'is required';
  const isObject = issue.type.endsWith('object');
  const expected = isObject ? 'must be an object' : issue.message;
  if (isConfidential) return expected;
  // A text in place of an object may be that object as JSON, with all its secrets.
  const longest = isObject ? 0 : NUMERIC.has(issue.type) ? LONGEST_NUMBER : LONGEST_TEXT;
  const given = got(issue.input, longest);
  return expected + given + (given && suggestion(issue));
}

/** Valibot lists the words that a schema takes: `("grpc" | "http")`. */
function suggestion({ kind, input, expected }: v.BaseIssue<unknown>): string {
  if (kind !== 'schema' || typeof input !== 'string') return '';
  const words = [...(expected ?? '').matchAll(/"([^"]+)"/g)].map(([, word = '']) => word);
  return didYouMean(input, words);
}
