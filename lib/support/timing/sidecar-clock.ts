/**
 * The clock, the timers and the random numbers of the module. It is a DI token: pass a clock of
 * your own to control the time in a test.
 *
 * @example
 * ```ts
 * const providers = [{ provide: SidecarClock, useValue: clock }];
 * SidecarAgentModule.forRoot({ ...options, providers });
 * ```
 */
export abstract class SidecarClock {
  /** Returns the wall clock in milliseconds since 1970, for dates in the status and in events. */
  abstract now(): number;
  /** Returns the milliseconds of a monotonic clock, for measured times: it never jumps. */
  abstract elapsed(): number;
  /** Returns a random number from 0 up to, but not including, 1. */
  abstract random(): number;
  /**
   * Runs `task` once after `milliseconds`. The module's own clock does not keep the process alive
   * for it; where a shutdown needs that, the module does so without the clock.
   *
   * @returns a function that cancels the task
   */
  abstract after(milliseconds: number, task: () => void): () => void;

  /** Resolves after `milliseconds`, or as soon as `signal` aborts. Never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let cancel = () => {};
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      // Added before the timer is set: a clock of your own may run its task at once.
      signal.addEventListener('abort', end, { once: true });
      cancel = this.after(milliseconds, end);
    });
  }
}

/** The clock and the random numbers of Node, and timers that do not keep the process alive. */
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
    const timer = setTimeout(task, milliseconds).unref();
    return () => clearTimeout(timer);
  }
}
