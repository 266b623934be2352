// C0 and C1 controls, line and paragraph separators, and the marks that change the text direction.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** A quicker check for what may be unprintable: most texts of an agent are plain ASCII. */
const BEYOND_ASCII = /[^ -~]/;

/**
 * Makes a text of the agent fit for a log line, an error or the status: replaces control characters
 * with one space, cuts what is longer than `limit` and appends an ellipsis to it.
 *
 * @param limit the number of UTF-16 code units to keep
 */
export function boundedText(text: string, limit = 256): string {
  // The first half of a surrogate pair is dropped with its second half.
  const cut = text.length > limit ? `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, '')}…` : text;
  return (BEYOND_ASCII.test(cut) ? cut.replace(UNPRINTABLE, ' ') : cut).trim();
}

/**
 * Returns the bounded text of a value of any type, or `undefined` if it is not a string or is
 * blank.
 */
export function boundedString(value: unknown, limit?: number): string | undefined {
  return (typeof value === 'string' && boundedText(value, limit)) || undefined;
}
