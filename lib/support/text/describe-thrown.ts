import { inspect, types } from 'node:util';

/** What anything thrown says, in the words of its thrower. */
export function messageOf(thrown: unknown): string {
  // Of another realm too, such as Jest's.
  if (thrown instanceof Error || types.isNativeError(thrown)) return thrown.message;
  // String() would throw at an object whose toString is no function.
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}

/** What was thrown, in words: an error's stack, or any other value as Node shows it, be it without a text of its own. */
export function describeThrown(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : inspect(thrown);
}
