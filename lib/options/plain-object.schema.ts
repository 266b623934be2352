import * as v from 'valibot';

/**
 * An object of named values. A list, a map or a `Headers` is refused: its entries are not
 * properties.
 */
export const plainObject = v.custom<Record<string, unknown>>(
  (value) => Object.prototype.toString.call(value) === '[object Object]',
  'must be an object',
);
