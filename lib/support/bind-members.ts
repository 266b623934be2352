/**
 * Binds the methods and accessors of an object's classes to the object, as properties of its own,
 * and returns it.
 *
 * `#private` members cannot be reached through a `Proxy`, and Nest's option
 * `instrument.instanceDecorator` may put one around every provider. A bound member does not run
 * with the `Proxy` as `this`.
 */
export function bindMembers<T extends object>(instance: T): T {
  for (const [name, member] of inheritedMembers(instance)) {
    if (Object.hasOwn(instance, name)) continue;
    Object.defineProperty(instance, name, { ...bound(member, instance), enumerable: false });
  }
  return instance;
}

/** Lists the members of the nearest class first: it overrides those that it extends. */
function inheritedMembers(instance: object): [PropertyKey, PropertyDescriptor][] {
  const members: [PropertyKey, PropertyDescriptor][] = [];
  let level = Object.getPrototypeOf(instance) as object | null;
  for (; level && level !== Object.prototype; level = Object.getPrototypeOf(level) as object | null) {
    for (const name of Reflect.ownKeys(level)) {
      const member = Reflect.getOwnPropertyDescriptor(level, name);
      if (member && name !== 'constructor') members.push([name, member]);
    }
  }
  return members;
}

/** Binds the functions of a descriptor: `value`, `get` and `set`. */
function bound(member: PropertyDescriptor, instance: object): PropertyDescriptor {
  const entries = Object.entries(member).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'function' ? (value.bind(instance) as unknown) : value,
  ]);
  return Object.fromEntries(entries) as PropertyDescriptor;
}
