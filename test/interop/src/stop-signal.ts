/** The run was ended from outside, before its end. */
export class StoppedError extends Error {}

/**
 * Aborts at the first signal that asks this process to end. More of them change nothing: npm passes on what the terminal
 * has sent already, and what is registered has to be deregistered first.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const end = (why: string) => stop.abort(new StoppedError(`${why}: stopped before the end`));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => end(name));
  // Nobody reads any more: `| head` has seen enough.
  process.stdout.on('error', () => end('the output was closed'));
  return stop.signal;
}
