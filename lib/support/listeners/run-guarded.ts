import { isObject } from '../shape.js';

/**
 * Runs a function that may fail without consequences, such as a listener of your code. If it
 * throws, or if the promise that it returns rejects, `onThrown` gets what was thrown.
 */
export function runGuarded(run: () => unknown, onThrown: (thrown: unknown) => void): void {
  try {
    const result = run();
    // Most listeners return nothing. A promise for each of their calls would cost more than the
    // call.
    if (isObject(result)) Promise.resolve(result).catch(onThrown);
  } catch (thrown) {
    onThrown(thrown);
  }
}
