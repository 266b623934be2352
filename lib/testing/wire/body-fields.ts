import * as v from 'valibot';

import { parseGoDuration } from '../../support/timing/go-duration.js';

/** The longest duration that Go can hold in milliseconds, about 292 years. */
const LONGEST_GO_DURATION = 9_223_372_036_854;

const string = v.optional(v.string('must be a string'), '');
const integer = v.optional(v.custom<number>(Number.isInteger, 'must be an integer'), 0);

/** A string that must not be blank, trimmed. */
export const text = v.pipe(string, v.trim(), v.nonEmpty('is required'));

/** A secret, which must be empty. The fault does not repeat it, because answers are logged. */
export const secret = v.pipe(string, v.empty('must be the empty string: a secret never leaves its process'));

/** A TCP port that something listens on. */
export const port = portFrom(1);

/** A TCP port, or 0 for none. */
export const optionalPort = portFrom(0);

/** The share of calls that an instance takes. */
export const weight = v.pipe(integer, v.minValue(1, 'must be greater than zero'));

/** Full method names. */
export const methods = v.pipe(
  v.optional(v.custom<readonly string[]>(isStrings, 'must be an array of strings'), []),
  v.checkItems(
    (method) => method.trim().startsWith('/'),
    ({ input }) => `method is invalid: ${JSON.stringify(input)}, expected a leading /`,
  ),
);

/** A duration in Go's notation, 20 s by default, in milliseconds. */
export const gracePeriod = v.pipe(
  string,
  v.transform((given) => given.trim() || '20s'),
  v.check(
    (given) => (parseGoDuration(given) ?? Infinity) <= LONGEST_GO_DURATION,
    ({ input }) => `is not a duration: ${JSON.stringify(input)}, expected one like 20s, 1m30s or 500ms`,
  ),
  v.transform((given) => parseGoDuration(given) ?? 0),
  v.check((milliseconds) => milliseconds > 0, 'must be greater than zero'),
);

function portFrom(lowest: 0 | 1) {
  return v.pipe(
    integer,
    v.check(
      (given) => given >= lowest && given <= 65_535,
      ({ input }) => `is invalid: ${input}`,
    ),
  );
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
