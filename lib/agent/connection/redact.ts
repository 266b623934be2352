/** Shorter values are common words: an `x-env: prod` must not redact every `prod`. */
const SHORTEST_SECRET = 8;

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
 * Returns the parts of the configured header values that must not be shown: whole values and their
 * words, such as the token in `Bearer token`, each as plain text and as JSON escapes it.
 */
export function confidentialParts(headers: Readonly<Record<string, string>>): readonly string[] {
  const values = Object.values(headers).flatMap((value) => [value.trim(), ...value.split(/\s+/)]);
  const secrets = new Set(
    values.filter((value) => value.length >= SHORTEST_SECRET && !PROTOCOL_WORDS.has(value.toLowerCase())),
  );
  const forms = new Set([...secrets].flatMap((secret) => [secret, inJson(secret), inGoJson(secret)]));
  // The longest first: if a part were replaced first, the rest of its whole would be shown.
  return [...forms].sort((one, other) => other.length - one.length);
}

/**
 * Replaces configured header values with [redacted]. The agent may send them back in texts that get
 * into logs, errors and the status.
 */
export function redact(text: string, confidential: readonly string[]): string {
  return confidential.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}

/** Returns a text as JSON escapes it: texts are redacted before they are parsed. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * Returns a text as Go's encoder escapes it.
 *
 * @see https://pkg.go.dev/encoding/json#HTMLEscape
 */
function inGoJson(text: string): string {
  return inJson(text).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}
