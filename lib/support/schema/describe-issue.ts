import type * as v from 'valibot';

/** The checks of the schema that are made of numbers alone. */
const NUMERIC = new Set(['number', 'integer', 'min_value', 'max_value']);

/** What a fault of the schema says an option must be. */
export function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.received === 'undefined')
    return `is required${issue.kind === 'schema' ? '' : `: ${issue.message}`}`;
  return issue.type.endsWith('object') ? 'must be an object' : issue.message;
}

/** What a fault of the schema says of an option. */
export function describe(issue: v.BaseIssue<unknown>): string {
  if (issue.received === 'undefined' || !NUMERIC.has(issue.type)) return expectation(issue);
  // What stands where a number should is worth repeating, up to the length of one.
  const { input, received } = issue;
  const isLong = typeof input === 'string' && input.length > 16;
  return `${issue.message}, not ${isLong ? `a text of ${input.length} characters` : received}`;
}
