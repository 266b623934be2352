/**
 * Gives an object a method of its own in place of the one that it has or inherits. It is defined,
 * not assigned: Nest's proxy around an application ignores assignments.
 *
 * @returns restores what was there before, unless other code has replaced the method since;
 *   `undefined` if the object cannot be changed
 */
export function replaceMethod(
  target: object,
  name: string,
  method: (...args: unknown[]) => unknown,
): (() => void) | undefined {
  const before = Object.getOwnPropertyDescriptor(target, name);
  const isReplaced = Reflect.defineProperty(target, name, {
    value: method,
    configurable: true,
    writable: true,
  });
  if (!isReplaced) return undefined;
  return () => {
    if (Object.getOwnPropertyDescriptor(target, name)?.value !== method) return;
    if (before) Reflect.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}
