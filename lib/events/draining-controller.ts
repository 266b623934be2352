import { setMaxListeners } from 'node:events';

/** Returns the controller of the signal that `@Draining()` gives. */
export function createDrainingController(): AbortController {
  const controller = new AbortController();
  // One listener for each long stream is no leak.
  setMaxListeners(Infinity, controller.signal);
  return controller;
}
