import { isObject } from './shape.js';

/**
 * Completes a double of a test: returns an object with the members of `double`, and those that it
 * lacks from `rest`. If a method of the double returns nothing, as a stub does, the method of
 * `rest` is called as well and its result returned.
 */
export function completeDouble<Part extends object>(double: unknown, rest: Part): Part {
  if (!isObject(double)) return rest;
  // Not around the double: a proxy must show the methods of a frozen object as they are.
  return new Proxy(rest, {
    get: (_target, name) => {
      const fallback = memberOf(rest, name);
      const member = isUnchanged(double, rest, name) ? undefined : memberOf(double, name);
      if (member === undefined) return fallback;
      if (typeof member !== 'function' || typeof fallback !== 'function') return member;
      return (...args: unknown[]): unknown =>
        Reflect.apply(member, double, args) ?? Reflect.apply(fallback, rest, args);
    },
  });
}

/**
 * Returns whether the double has a member only from the class of the part, as one that was created
 * from the prototype alone: the member would not find its private fields.
 */
function isUnchanged(double: object, rest: object, name: PropertyKey): boolean {
  const given = inheritedMember(double, name);
  const original = inheritedMember(rest, name);
  if (!given || !original) return false;
  return given.value === original.value && given.get === original.get;
}

function inheritedMember(part: object, name: PropertyKey): PropertyDescriptor | undefined {
  for (let level: object | null = part; level; level = Object.getPrototypeOf(level) as object | null) {
    const member = Reflect.getOwnPropertyDescriptor(level, name);
    if (member) return member;
  }
  return undefined;
}

/** Returns a member, bound since the proxy does not have the private fields of the part. */
function memberOf(part: object, name: PropertyKey): unknown {
  const member: unknown = Reflect.get(part, name);
  return typeof member === 'function' ? (member.bind(part) as unknown) : member;
}
