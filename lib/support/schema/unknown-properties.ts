import type * as v from 'valibot';
import { isObject } from '../shape.js';
import type { Fault } from './fault.js';

/**
 * Returns a fault for each property that the schema does not know, so that a mistyped name is not
 * silently ignored. A strict object of valibot would report the first one alone.
 *
 * @param message the message of each fault
 * @param above stands before the path of each property: a path with a dot at its end
 */
export function unknownProperties(
  given: unknown,
  schema: v.GenericSchema,
  message: string,
  above = '',
): Fault[] {
  const inner = unwrap(schema);
  if (!isObject(given)) return [];
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

/**
 * Returns the schema inside of an optional one; of a union, the object that lists its properties.
 */
function unwrap(schema: v.GenericSchema): v.GenericSchema {
  if (schema.type === 'optional' && 'wrapped' in schema) return unwrap(schema.wrapped as v.GenericSchema);
  if (schema.type !== 'union' || !('options' in schema)) return schema;
  return (schema.options as v.GenericSchema[]).find(isClosed) ?? schema;
}
