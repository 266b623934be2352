import type { Logger } from '@nestjs/common';
import { CrashWatch } from '../process-end/crash-watch.js';
import { ExitHold } from '../process-end/exit-hold.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** Keeps other code, and a crash, from ending the process before a run has ended. */
export class ProcessGuard {
  readonly #hold = ExitHold.ofProcess();
  readonly #clock: SidecarClock;
  readonly #logger: Logger;
  readonly #leave: () => void;
  #release?: () => void;
  #forgetCrashes = () => {};

  constructor(clock: SidecarClock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
    this.#leave = this.#hold.enter();
  }

  /** Holds calls of `process.exit` from now on. */
  holdExits(): void {
    this.#release ??= this.#hold.hold({ handlesSignals: true, clock: this.#clock, logger: this.#logger });
  }

  /** Calls a function if the process crashes, with the milliseconds that it may take. */
  onCrash(crashed: (limit: number) => Promise<unknown>): void {
    this.#forgetCrashes = CrashWatch.ofProcess().add({ crashed, clock: this.#clock, logger: this.#logger });
  }

  /** Ends the process at once. */
  exitNow(code: number): void {
    this.#hold.exitNow(code);
  }

  /**
   * Removes all listeners. If a call of `process.exit` was held, ends the process, unless another
   * application still shuts down.
   *
   * @param failure of the run, which your code does not get to see if the process ends
   */
  release(failure?: Error): void {
    if (failure && this.#hold.isAsked) this.#logger.error(failure.message, failure.stack);
    this.#forgetCrashes();
    this.#release?.();
    this.#leave();
  }
}
