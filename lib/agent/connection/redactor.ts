/** Shorter values are common words: an `x-env: prod` must not redact every `prod`. */
const SHORTEST_SECRET = 8;

/** The most values that are kept. Tokens that rotate replace the oldest ones. */
const MOST_VALUES = 64;

/** Words of the protocol. They are not secrets, even if a header has one of them as its value. */
const PROTOCOL_WORDS = new Set([
  'connected',
  'heartbeat',
  'disconnected',
  'registered',
  'draining',
  'deregistered',
]);

/**
 * Replaces header values with [redacted]. The agent may send them back in texts that get into logs,
 * errors and the status.
 */
export class Redactor {
  readonly #values = new Set<string>();
  #pattern?: RegExp;

  /**
   * Adds values that must not be shown, each as a whole and in its words, such as the token in
   * `Bearer token`.
   */
  learn(values: readonly string[]): void {
    const known = values.every((value) => this.#values.has(value));
    // Removed first, so that the values that are still in use are the youngest.
    for (const value of values) {
      this.#values.delete(value);
      this.#values.add(value);
    }
    if (known) return;
    for (const value of this.#values) {
      if (this.#values.size <= Math.max(MOST_VALUES, values.length)) break;
      this.#values.delete(value);
    }
    this.#pattern = patternOf([...this.#values].flatMap(secretsOf));
  }

  /** Replaces the values in a text: as they are, and as any JSON encoder may escape them. */
  readonly redact = (text: string): string => {
    return this.#pattern ? text.replace(this.#pattern, '[redacted]') : text;
  };
}

function secretsOf(value: string): string[] {
  // An agent that takes the bytes for UTF-8 cannot send back what is beyond ASCII.
  const parts = [value.trim(), ...value.split(/\s+/), ...value.split(/[^\x21-\x7e]+/)];
  return parts.filter((part) => part.length >= SHORTEST_SECRET && !PROTOCOL_WORDS.has(part.toLowerCase()));
}

function patternOf(secrets: readonly string[]): RegExp | undefined {
  // The longest first: if a part were replaced first, the rest of its whole would be shown.
  const sorted = [...new Set(secrets)].sort((one, other) => other.length - one.length);
  return sorted.length === 0 ? undefined : new RegExp(sorted.map(escapedForms).join('|'), 'g');
}

/**
 * Returns a pattern of a text whose characters are escaped or not: an encoder may escape any of
 * them, and JSON within JSON is escaped twice. The backslashes are bounded, so that a text of
 * backslashes takes no longer than any other.
 */
function escapedForms(text: string): string {
  const [first = '', ...others] = text.match(/\\+|[^\\]/g) ?? [];
  return [escapedForm(first), ...others.map((part) => `\\\\{0,8}${escapedForm(part)}`)].join('');
}

/** @param part a character, or backslashes */
function escapedForm(part: string): string {
  if (part.startsWith('\\')) return `(?:\\\\|u005[cC]){1,${16 * part.length}}`;
  const code = part.charCodeAt(0).toString(16).padStart(4, '0');
  const digits = code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const itself = part === '\t' ? '\t|t' : part.replace(/\W/, '\\$&');
  // The longer form first: a value may end in the letter u.
  return `(?:u${digits}|${itself})`;
}
