const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborts at the first signal that asks this process to end, with its name as the reason. More signals change nothing: npm
 * passes on what the terminal has sent already.
 */
export function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  for (const name of STOP_SIGNALS) process.on(name, () => stop.abort(name));
  // Nobody reads any more: the terminal is closed, or `| head` has seen enough.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => stop.abort('Output closed'));
  }
  return stop.signal;
}

/** Whether a process was ended by a signal that asks, rather than by one that tells of a crash. */
export function isStopSignal(name: NodeJS.Signals | null): boolean {
  return STOP_SIGNALS.some((signal) => signal === name);
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/**
 * The outcome of `work`, unless the signal aborts before: then this rejects, and what becomes of `work` is nobody's business
 * any more.
 */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const given = aborted(signal).then(() => {
    throw new Error('given up');
  });
  return Promise.race([work, given]);
}
