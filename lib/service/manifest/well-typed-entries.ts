import * as v from 'valibot';
import { propertyOf } from '../../support/shape.js';
import type { routeSchema, serviceSchema } from './gateway-manifest.schema.js';

/** A service of a manifest file whose fields have the right types. */
export type ServiceEntry = v.InferOutput<typeof serviceSchema>;

/** A route of a manifest file whose fields have the right types. */
export type RouteEntry = v.InferOutput<typeof routeSchema>;

/** An entry of a list, and its index in the file. */
export interface Placed<Entry> {
  readonly entry: Entry;
  readonly index: number;
}

/** The entries of a list that can be checked further. */
export interface WellTypedEntries<Entry> {
  readonly entries: Placed<Entry>[];
  /** Whether these are all entries of the list. */
  readonly isWhole: boolean;
}

/** Returns the entries whose fields have the right types, whatever is wrong with the others. */
export function wellTypedEntries<Schema extends v.GenericSchema>(
  manifest: unknown,
  list: 'services' | 'routes',
  schema: Schema,
): WellTypedEntries<v.InferOutput<Schema>> {
  const given = propertyOf(manifest, list);
  if (!Array.isArray(given)) return { entries: [], isWhole: false };
  const entries = given.flatMap((each: unknown, index) => {
    const { success, output } = v.safeParse(schema, each);
    return success ? [{ entry: output, index }] : [];
  });
  return { entries, isWhole: entries.length === given.length };
}
