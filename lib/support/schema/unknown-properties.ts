import type * as v from 'valibot';
import { isObject } from '../shape.js';
import { didYouMean } from '../text/did-you-mean.js';
import type { Fault } from './fault.js';

/**
 * Returns a fault for every property that a schema does not list, since a misspelt option would
 * otherwise have no effect and give no message. A strict object of valibot reports only the first.
 *
 * @param message what the fault says before the suggestion: `unknown option`
 * @param above the path of the value, with a dot at its end
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
    if (known) return unknownProperties(value, known, message, `${path}.`);
    return [{ path, message: message + didYouMean(name, Object.keys(inner.entries)) }];
  });
}

function isClosed(schema: v.GenericSchema): schema is v.GenericSchema & { entries: v.ObjectEntries } {
  return schema.type === 'object' && 'entries' in schema;
}

function isList(schema: v.GenericSchema): schema is v.GenericSchema & { item: v.GenericSchema } {
  return schema.type === 'array' && 'item' in schema;
}

/** Returns the schema inside `optional`, and of a union the member that is a closed object. */
function unwrap(schema: v.GenericSchema): v.GenericSchema {
  if (schema.type === 'optional' && 'wrapped' in schema) return unwrap(schema.wrapped as v.GenericSchema);
  if (schema.type !== 'union' || !('options' in schema)) return schema;
  return (schema.options as v.GenericSchema[]).find(isClosed) ?? schema;
}
