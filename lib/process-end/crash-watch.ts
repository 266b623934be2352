import { inspect } from 'node:util';
import { holdProcess } from '../support/timing/hold-process.js';
import { settledWithin } from '../support/timing/settled-within.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { ExitHold, LAST_BYTES } from './exit-hold.js';
import { processWide } from './process-wide.js';

/** The longest time from a crash to the end of the process, in milliseconds. */
const CRASH_TIME = 1_000;

/** What is to be done if the process crashes. */
export interface CrashListener {
  /** Finishes what can be finished within so many milliseconds. */
  readonly crashed: (limit: number) => Promise<unknown>;
  readonly clock: SidecarClock;
  readonly logger: { error(line: string, stack?: string): void };
}

/**
 * Ends the process with code 1 after an uncaught exception or an unhandled rejection, and gives
 * its listeners the time to finish. If the application has a listener of its own for that event,
 * it does nothing: it listens to `uncaughtException` only after Node has announced an exception
 * for which no other code listens. Node makes an unhandled rejection an uncaught exception itself.
 */
export class CrashWatch {
  readonly #listeners = new Set<CrashListener>();
  #isCrashing = false;

  /** Returns the one of this process. */
  static ofProcess(): CrashWatch {
    return processWide('crash-watch', () => new CrashWatch());
  }

  /** Adds a listener, until the function that it returns is called. */
  add(listener: CrashListener): () => void {
    if (this.#listeners.size === 0) process.on('uncaughtExceptionMonitor', this.#onAnnounced);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0 || this.#isCrashing) return;
      process.removeListener('uncaughtExceptionMonitor', this.#onAnnounced);
      process.removeListener('uncaughtException', this.#onCrash);
    };
  }

  readonly #onAnnounced = () => {
    if (process.listenerCount('uncaughtException') > 0) return;
    if (process.hasUncaughtExceptionCaptureCallback()) return;
    process.once('uncaughtException', this.#onCrash);
  };

  readonly #onCrash = (thrown: unknown, origin: NodeJS.UncaughtExceptionOrigin) => {
    const [first] = this.#listeners;
    const what = origin === 'unhandledRejection' ? 'Unhandled rejection: ' : 'Uncaught exception: ';
    const next = this.#isCrashing ? '' : '. Deregistering at once, then exiting with code 1';
    first?.logger.error(`${what}${messageOf(thrown)}${next}`, inspect(thrown));
    if (this.#isCrashing) return;
    this.#isCrashing = true;
    void this.#end();
  };

  async #end(): Promise<void> {
    const release = holdProcess();
    const ends = [...this.#listeners].map(({ crashed, clock }) =>
      settledWithin(clock, CRASH_TIME, crashed(CRASH_TIME)),
    );
    await Promise.allSettled(ends);
    const [first] = this.#listeners;
    await first?.clock.sleep(LAST_BYTES, new AbortController().signal);
    release();
    ExitHold.ofProcess().exitNow(1);
  }
}
