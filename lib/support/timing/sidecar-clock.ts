/**
 * Time and chance, as the module sees them: a DI token, so that a test can pass its own.
 */
export abstract class SidecarClock {
  /** Milliseconds since 1970, for what is told. */
  abstract now(): number;
  /** Milliseconds of a clock that never jumps, for what is measured. */
  abstract elapsed(): number;
  /** A number from 0 up to, not including, 1. */
  abstract random(): number;
  /** Runs `task` once after so many milliseconds; the function returned cancels it. */
  abstract after(milliseconds: number, task: () => void): () => void;

  /** Resolves after so many milliseconds, or at once when `signal` aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let cancel = () => {};
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      // First, since a clock of the user's own may run its task at once.
      signal.addEventListener('abort', end, { once: true });
      cancel = this.after(milliseconds, end);
    });
  }
}

/** The clock and the chance of this process. */
export class SystemClock extends SidecarClock {
  now(): number {
    return Date.now();
  }

  elapsed(): number {
    return performance.now();
  }

  random(): number {
    return Math.random();
  }

  after(milliseconds: number, task: () => void): () => void {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  }
}
