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
