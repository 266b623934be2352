import { inspect } from 'node:util';

const LONGEST = 120;

/** A value as a message shows it: JSON, cut where it is long. */
export function shown(value: unknown): string {
  const text = textOf(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A value as JSON, or as Node shows it where JSON has no word for it: `undefined`, a bigint, a circle. */
export function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? inspect(value);
  } catch {
    return inspect(value);
  }
}

/** What a JSON value is, for an error that must not show it: `an object`, `a list`, `null`, `a string`. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
