const LONGEST = 120;

/** A value as a message shows it: JSON, cut where it is long. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json;
}
