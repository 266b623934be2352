import { types } from 'node:util';
import { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { propertyOf } from '../../support/shape.js';
import { kindOf } from '../../support/text/describe-value.js';

/** The most causes below an error: more are of no use, and a cause may be its own cause. */
const DEEPEST = 8;

/**
 * Rebuilds an error of Node, undici or your code from its name, code, message and stack, so that
 * the `cause` of an error of this package holds no secret: other properties may, such as the bytes
 * that undici keeps of an answer that is not HTTP.
 *
 * @param redact replaces the values of the headers
 */
export function rebuildError(thrown: unknown, redact: (text: string) => string, depth = 0): Error {
  if (thrown instanceof SidecarAgentError) return thrown;
  if (!isError(thrown)) {
    return new Error(typeof thrown === 'string' ? redact(thrown) : `${kindOf(thrown)} was thrown`);
  }
  const rebuild = (inner: unknown) => rebuildError(inner, redact, depth + 1);
  const { cause, name, message, stack } = thrown;
  const options = cause === undefined || depth >= DEEPEST ? {} : { cause: rebuild(cause) };
  const error = new Error(redact(message), options);
  const { code } = thrown as { code?: unknown };
  const hidden = { name: redact(name), stack: stack && redact(stack) };
  for (const [key, value] of Object.entries(hidden)) {
    Object.defineProperty(error, key, { value, configurable: true, writable: true });
  }
  // Node keeps what it tried in `errors`, if a host has several addresses.
  const errors = propertyOf(thrown, 'errors');
  if (Array.isArray(errors) && depth < DEEPEST) Object.assign(error, { errors: errors.map(rebuild) });
  return typeof code === 'string' ? Object.assign(error, { code: redact(code) }) : error;
}

/** Returns whether a value is an error. */
export function isError(thrown: unknown): thrown is Error {
  // An error of another realm, such as Jest's, is not an instance of this realm's Error.
  return thrown instanceof Error || types.isNativeError(thrown);
}
