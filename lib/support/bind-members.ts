/** The property that tells that {@link bindMembers} has bound an object; a Proxy shows it, too. */
const BOUND = Symbol('bound');

/** Returns whether {@link bindMembers} has bound a value. */
export function isBound(value: object): boolean {
  return Reflect.get(value, BOUND) === true;
}

/**
 * Gives an object the methods and accessors of its classes as properties of its own, bound to the
 * object, and returns it.
 *
 * `#private` members cannot be reached through a `Proxy`, and Nest's option
 * `instrument.instanceDecorator` may put one around every provider. A bound member does not run
 * with the `Proxy` as `this`. It looks the member up when it is called, so that a spy on the
 * prototype is called too.
 */
export function bindMembers<T extends object>(instance: T): T {
  const parent = parentOf(instance);
  if (parent !== Object.prototype) Object.defineProperty(instance, BOUND, { value: true });
  for (let level = parent; level && level !== Object.prototype; level = parentOf(level)) {
    for (const name of Reflect.ownKeys(level)) {
      // The members of the nearest class come first: it overrides those that it extends.
      if (name === 'constructor' || Object.hasOwn(instance, name)) continue;
      const member = Reflect.getOwnPropertyDescriptor(level, name);
      const bound = member && boundMember(instance, name, member);
      if (bound) Object.defineProperty(instance, name, { ...bound, configurable: true, enumerable: false });
    }
  }
  return instance;
}

/** Returns the descriptor of the bound member; `undefined` for a member that is not a function. */
function boundMember(
  instance: object,
  name: PropertyKey,
  member: PropertyDescriptor,
): PropertyDescriptor | undefined {
  const current = (): unknown => Reflect.get(parentOf(instance) ?? {}, name, instance);
  if (typeof member.value === 'function') {
    const call = (...args: unknown[]): unknown =>
      Reflect.apply(current() as (...args: unknown[]) => unknown, instance, args);
    return { value: call, writable: true };
  }
  const assign = (given: unknown) => void Reflect.set(parentOf(instance) ?? {}, name, given, instance);
  if ('value' in member) return undefined;
  return { get: member.get && current, set: member.set && assign };
}

function parentOf(level: object): object | null {
  return Object.getPrototypeOf(level) as object | null;
}
