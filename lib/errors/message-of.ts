import { inspect } from 'node:util';

/** What anything thrown says, in the words of its thrower. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  // String() would throw at an object whose toString is no function.
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}
