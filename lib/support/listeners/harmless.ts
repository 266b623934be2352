import { inspect } from 'node:util';

/** What was thrown, in words: an error's stack, or any other value as Node shows it, be it without a text of its own. */
export function describeThrown(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : inspect(thrown);
}

/**
 * Runs somebody else's function. What it throws, or the promise it returns rejects with, is told and goes no further.
 */
export function harmless(run: () => unknown, tell: (thrown: unknown) => void): void {
  try {
    const result = run();
    // Most return nothing: a promise for each event of a stream would be a cost of its own.
    if (typeof result === 'object' && result !== null) Promise.resolve(result).catch(tell);
  } catch (thrown) {
    tell(thrown);
  }
}
