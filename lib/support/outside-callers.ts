import { AsyncResource } from 'node:async_hooks';

/** Has the async context in which the package was loaded, in which no request runs. */
const outside = new AsyncResource('nestjs-sidecar-agent');

/**
 * Runs work outside of the async context of whoever started it.
 *
 * What the module does for long, or again and again, must not run in the context of the request or
 * of the start-up that caused it: the context would be kept alive with what it holds, and
 * OpenTelemetry would add the work to a trace that has ended.
 */
export function outsideCallers<T>(work: () => T): T {
  return outside.runInAsyncScope(work);
}
