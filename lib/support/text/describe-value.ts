import { inspect } from 'node:util';

/** The most UTF-16 code units of a value that a message shows. */
const LONGEST = 120;

/** Returns a value as a message shows it: JSON, cut after 120 characters. */
export function shown(value: unknown): string {
  const text = textOf(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/**
 * Returns a value as JSON, or as Node prints it if JSON cannot hold it: `undefined`, a bigint, an
 * object that contains itself.
 */
export function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? inspect(value);
  } catch {
    return inspect(value);
  }
}

/**
 * Returns the kind of a JSON value, for an error that must not show it: `an object`, `a list`,
 * `null`.
 */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
