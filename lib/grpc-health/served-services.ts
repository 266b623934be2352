import { hasMethods, isObject, propertyOf } from '../support/shape.js';

/** The services that tell of the server itself, such as health and reflection. */
const INFRASTRUCTURE = /^grpc\./;

/**
 * Returns the full name of a service that is added to a grpc-js server; `undefined` if none of its
 * rpcs has a handler, or if callers of your service do not call it.
 */
export function servedService(definition: unknown, implementation: unknown): string | undefined {
  if (!isObject(definition) || !isObject(implementation)) return undefined;
  const rpcs = Object.entries(definition);
  // As grpc-js looks for it.
  const names = rpcs.flatMap(([name, rpc]) => [name, propertyOf(rpc, 'originalName')]);
  const isServed = names.some((name) => isText(name) && hasMethods(implementation, name));
  const path = propertyOf(rpcs[0]?.[1], 'path');
  const name = isText(path) ? path.split('/')[1] : undefined;
  return isServed && name && !INFRASTRUCTURE.test(name) ? name : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
