import type * as v from 'valibot';
import type { OptionFault } from '../errors/invalid-options.error.js';

/**
 * Names every option that does not exist, in the objects of the schema that list theirs: a mistyped one would else be passed
 * over without a word.
 */
export function unknownOptions(given: unknown, schema: v.GenericSchema, above = ''): OptionFault[] {
  const inner = unwrap(schema);
  if (!isClosed(inner) || typeof given !== 'object' || given === null) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    const path = above + name;
    const known = Object.hasOwn(inner.entries, name) ? inner.entries[name] : undefined;
    return known
      ? unknownOptions(value, known, `${path}.`)
      : [{ path, message: 'is no option of this module' }];
  });
}

function isClosed(schema: v.GenericSchema): schema is v.GenericSchema & { entries: v.ObjectEntries } {
  return schema.type === 'object' && 'entries' in schema;
}

function unwrap(schema: v.GenericSchema): v.GenericSchema {
  return schema.type === 'optional' && 'wrapped' in schema
    ? unwrap(schema.wrapped as v.GenericSchema)
    : schema;
}
