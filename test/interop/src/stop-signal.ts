/** A signal or a closed output ended the run early. */
export class StoppedError extends Error {}

/**
 * Returns a signal that aborts when this process is asked to end. Further signals are ignored: npm
 * repeats the one from the terminal, and the process must deregister its services first.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const end = (why: string) => stop.abort(new StoppedError(`${why}: stopped before the end`));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => end(name));
  // The reader of a pipe, for example `head`, has exited.
  process.stdout.on('error', () => end('the output was closed'));
  return stop.signal;
}
