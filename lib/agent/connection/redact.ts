/** Shorter words are too common to be secrets: an `x-env: prod` must not blacken every `prod`. */
const SHORTEST_SECRET = 8;

/** Words that the protocol needs: no secrets, whichever header has them. */
const PROTOCOL_WORDS = new Set([
  'connected',
  'heartbeat',
  'disconnected',
  'registered',
  'draining',
  'deregistered',
]);

/** The parts of the configured headers that nobody but the agent may read: whole values, and the token in `Bearer token`. */
export function confidentialParts(headers: Readonly<Record<string, string>>): readonly string[] {
  const values = Object.values(headers).flatMap((value) => [value.trim(), ...value.split(/\s+/)]);
  const secrets = new Set(
    values.filter((value) => value.length >= SHORTEST_SECRET && !PROTOCOL_WORDS.has(value.toLowerCase())),
  );
  // The longest first, so that a part does not leave the rest of the whole behind.
  const forms = new Set([...secrets].flatMap((secret) => [secret, inJson(secret), inGoJson(secret)]));
  return [...forms].sort((one, other) => other.length - one.length);
}

/** Blackens confidential parts in what an agent sends back: its texts end up in logs, errors and the status. */
export function redact(text: string, confidential: readonly string[]): string {
  return confidential.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}

/** As JSON escapes it: texts are blackened before they are parsed. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Go's encoder escapes these three as well. */
function inGoJson(text: string): string {
  return inJson(text).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}
