import { inspect, types } from 'node:util';

/** Returns the message of an error, or any other thrown value as text. */
export function messageOf(thrown: unknown): string {
  // An error of another realm, such as Jest's, is not an instance of this realm's Error.
  if (thrown instanceof Error || types.isNativeError(thrown)) return thrown.message;
  // String() throws if toString is not a function.
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}

/** Returns the stack of an error, or any other thrown value as text. */
export function describeThrown(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : inspect(thrown);
}
