/**
 * Returns whether a value is an object, which includes a list and excludes `null` and functions.
 */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Returns whether a value is an object with named properties: neither `null` nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !Array.isArray(value);
}

/** Returns a property of a value of any type, or `undefined` if the value is not an object. */
export function propertyOf(value: unknown, name: PropertyKey): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined;
}

/**
 * Returns whether a value is an object with all of these methods. It serves in place of
 * `instanceof` for objects of other packages, whose class may come from another copy of the
 * package.
 *
 * @example
 * ```ts
 * hasMethods(server, 'tryShutdown', 'forceShutdown')
 * ```
 */
export function hasMethods<Name extends string>(
  value: unknown,
  ...names: readonly Name[]
): value is Record<Name, (...args: unknown[]) => unknown> {
  return isObject(value) && names.every((name) => typeof Reflect.get(value, name) === 'function');
}
