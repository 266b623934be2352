/** Shorter words are too common to be secrets: an `x-env: prod` must not blacken every `prod`. */
const SHORTEST_SECRET = 8;

/** The parts of the configured headers that nobody but the agent may read: whole values, and the token in `Bearer token`. */
export function confidentialParts(headers: Readonly<Record<string, string>>): readonly string[] {
  const values = Object.values(headers).flatMap((value) => [value.trim(), ...value.split(/\s+/)]);
  const secrets = new Set(values.filter((value) => value.length >= SHORTEST_SECRET));
  // The longest first, so that a part does not leave the rest of the whole behind.
  return [...secrets].sort((one, other) => other.length - one.length);
}

/** Blackens confidential parts in what an agent sends back: its texts end up in logs, errors and the status. */
export function redact(text: string, confidential: readonly string[]): string {
  return confidential.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}
