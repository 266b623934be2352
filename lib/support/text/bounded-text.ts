// C0 and C1 controls, line and paragraph separators, and the marks that turn the direction of text.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** All that may be unprintable, found sooner: most of what an agent says is plain ASCII. */
const BEYOND_ASCII = /[^ -~]/;

/**
 * Makes text from the agent fit for a log line, an error or a status: control characters become one space, and what is
 * longer than `limit` characters is cut, with an ellipsis.
 *
 * @param limit characters kept
 */
export function boundedText(text: string, limit = 256): string {
  // Not between the two halves of one character.
  const cut = text.length > limit ? `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, '')}…` : text;
  return (BEYOND_ASCII.test(cut) ? cut.replace(UNPRINTABLE, ' ') : cut).trim();
}

/** The same for a value whose type is not known: what is no string, or is blank, is `undefined`. */
export function boundedString(value: unknown, limit?: number): string | undefined {
  return (typeof value === 'string' && boundedText(value, limit)) || undefined;
}
