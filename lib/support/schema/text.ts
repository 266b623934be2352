import * as v from 'valibot';

/** The schema of a text that is not blank. */
export const text = v.pipe(v.string('must be a string'), v.regex(/\S/, 'must not be blank'));
