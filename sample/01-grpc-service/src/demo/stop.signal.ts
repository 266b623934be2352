const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Returns a signal that aborts when this process is asked to end; the reason is the name of the
 * process signal. Further ones are ignored, because npm repeats the one from the terminal.
 */
export function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  for (const name of STOP_SIGNALS) process.on(name, () => stop.abort(name));
  // The terminal was closed, or the reader of a pipe has exited.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => stop.abort('Output closed'));
  }
  return stop.signal;
}

/** Returns whether a signal is a request to end, and not the sign of a crash. */
export function isStopSignal(name: NodeJS.Signals | null): boolean {
  return STOP_SIGNALS.some((signal) => signal === name);
}

/** Waits until the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/**
 * Returns the result of `work`, or rejects when the signal aborts first; `work` is then ignored.
 */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const given = aborted(signal).then(() => {
    throw new Error('given up');
  });
  return Promise.race([work, given]);
}
