import type * as v from 'valibot';

/** The longest text, in characters, that is repeated if a number was expected. */
const LONGEST_SHOWN = 16;

/** The issues of a value that must be a number. */
const NUMERIC = new Set(['number', 'integer', 'min_value', 'max_value']);

/** Returns what the value must be: `must be a string`. */
export function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.received === 'undefined')
    return `is required${issue.kind === 'schema' ? '' : `: ${issue.message}`}`;
  return issue.type.endsWith('object') ? 'must be an object' : issue.message;
}

/**
 * Returns what the value must be and, if that is a number, what was given. Other values are not
 * repeated: there may be a secret in them.
 */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.received === 'undefined' || !NUMERIC.has(issue.type)) return expectation(issue);
  const { input, received } = issue;
  const isLong = typeof input === 'string' && input.length > LONGEST_SHOWN;
  return `${issue.message}, not ${isLong ? `a text of ${input.length} characters` : received}`;
}
