import { AsyncResource } from 'node:async_hooks';

const NAME = 'nestjs-sidecar-agent';

/** Has the async context in which the package was loaded, in which no request runs. */
const outside = new AsyncResource(NAME);

/**
 * Runs work outside of the async context of whoever started it.
 *
 * What the module does for long, or again and again, must not run in the context of the request or
 * of the start-up that caused it: the context would be kept alive with what it holds, and
 * OpenTelemetry would add the work to a trace that has ended.
 */
export function outsideCallers<T>(work: () => T): T {
  return outside.runInAsyncScope(() => restoringContext(work));
}

/**
 * Calls a function of your code in the current async context, and restores that context afterwards:
 * `AsyncLocalStorage.enterWith()` in the function has no effect on what the module does next.
 */
export function restoringContext<T>(call: () => T): T {
  // Up to Node 22 enterWith() writes into the resource that is running.
  return new AsyncResource(NAME).runInAsyncScope(call);
}
