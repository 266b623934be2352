import { inspect, type InspectOptions } from 'node:util';
import { isObject } from '../support/shape.js';

/** The options that hold secrets. */
interface Confidential {
  app?: object;
  headers?: object;
  tls?: object;
}

/**
 * Returns a copy of the options whose `app.secret`, `headers` and `tls` are not shown if the
 * options are logged or inspected. The values are still there, and a copy of the copy hides them
 * too.
 */
export function hideSecrets<T extends object>(options: T): T {
  const copy: T & Confidential = { ...options };
  if (isPlain(copy.app) && 'secret' in copy.app) copy.app = hidden(copy.app, ['secret']);
  if (isPlain(copy.headers)) copy.headers = hidden(copy.headers, Object.keys(copy.headers));
  if (isPlain(copy.tls)) copy.tls = hidden(copy.tls, Object.keys(copy.tls));
  return copy;
}

function isPlain<T>(value: T): value is T & object {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}

function hidden<T extends object>(value: T, names: readonly string[]): T {
  const copy = { ...value };
  const shown = () => ({
    ...copy,
    ...Object.fromEntries(names.map((name) => [name, '[redacted]'])),
  });
  // Not enumerable: the options are spread and compared.
  Object.defineProperty(copy, inspect.custom, {
    value: (depth: number, options: InspectOptions) => inspect(shown(), { ...options, depth }),
  });
  return copy;
}
