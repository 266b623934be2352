import type * as v from 'valibot';
import type { Fault } from './fault.js';

/**
 * Names every option that does not exist, in the objects of the schema that list theirs: a mistyped one would else be passed
 * over without a word.
 *
 * @param message what such an option is: `is no option of this module`
 * @param above the path of what is given, with a dot at its end
 */
export function unknownProperties(
  given: unknown,
  schema: v.GenericSchema,
  message: string,
  above = '',
): Fault[] {
  const inner = unwrap(schema);
  if (typeof given !== 'object' || given === null) return [];
  if (isList(inner)) {
    if (!Array.isArray(given)) return [];
    return given.flatMap((each, index) => unknownProperties(each, inner.item, message, `${above}${index}.`));
  }
  if (!isClosed(inner)) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    const path = above + name;
    const known = Object.hasOwn(inner.entries, name) ? inner.entries[name] : undefined;
    return known ? unknownProperties(value, known, message, `${path}.`) : [{ path, message }];
  });
}

function isClosed(schema: v.GenericSchema): schema is v.GenericSchema & { entries: v.ObjectEntries } {
  return schema.type === 'object' && 'entries' in schema;
}

function isList(schema: v.GenericSchema): schema is v.GenericSchema & { item: v.GenericSchema } {
  return schema.type === 'array' && 'item' in schema;
}

/** What an object is held to: of a union, the one that lists its options. */
function unwrap(schema: v.GenericSchema): v.GenericSchema {
  if (schema.type === 'optional' && 'wrapped' in schema) return unwrap(schema.wrapped as v.GenericSchema);
  if (schema.type !== 'union' || !('options' in schema)) return schema;
  return (schema.options as v.GenericSchema[]).find(isClosed) ?? schema;
}
