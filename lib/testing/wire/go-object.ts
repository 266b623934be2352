import * as v from 'valibot';

import { isRecord } from '../../support/shape.js';

/**
 * Builds the schema of an object as Go's decoder reads it: field names match in any letter case,
 * `null` counts as left out, and unknown fields are ignored.
 *
 * @param entries the schema of each field, under its name in lower case
 */
export function goObject<const Entries extends v.ObjectEntries>(entries: Entries) {
  const names = Object.keys(entries);
  return v.pipe(
    v.unknown(),
    v.transform((value): unknown => Object.fromEntries(names.map((name) => [name, fieldOf(value, name)]))),
    v.object(entries),
  );
}

function fieldOf(value: unknown, name: string): unknown {
  if (!isRecord(value)) return undefined;
  const spelled = (key: string) => key.toLowerCase() === name;
  const key = Object.hasOwn(value, name) ? name : Object.keys(value).find(spelled);
  return key === undefined ? undefined : (value[key] ?? undefined);
}
