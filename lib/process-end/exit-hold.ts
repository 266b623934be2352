import { constants } from 'node:os';
import { holdProcess } from '../support/timing/hold-process.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { processWide } from './process-wide.js';
import { type EndCall, replaceEnds } from './replaced-ends.js';
import { SecondSignal } from './second-signal.js';

/** The time for the answers of the last calls to reach their sockets, in milliseconds. */
export const LAST_BYTES = 50;

/** A shutdown that other code must not cut short. */
export interface ExitHolder {
  /** Whether the holder itself ends the process at a second signal. */
  readonly handlesSignals: boolean;
  readonly clock: SidecarClock;
  readonly logger: { warn(line: string): void };
}

/**
 * Decides when this process may end. While an application of it shuts down, calls of other code
 * that would end it are held: the first is carried out after the last shutdown has ended, a second
 * one at once.
 */
export class ExitHold {
  readonly #holders = new Map<ExitHolder, number>();
  readonly #runs = new Set<object>();
  /** Applications that Nest has closed meanwhile: Nest ends the process then, each time once. */
  readonly #closed = new Set<object>();
  readonly #signals = new SecondSignal((signal) => this.exitNow(128 + constants.signals[signal]));
  #restore = () => {};
  #first?: EndCall;
  #runCode?: number;

  /** Returns the one of this process. */
  static ofProcess(): ExitHold {
    return processWide('exit-hold', () => new ExitHold());
  }

  /** Whether calls are held. */
  get isHolding(): boolean {
    return this.#holders.size > 0;
  }

  /** Whether a call is being held. */
  get isAsked(): boolean {
    return this.#first !== undefined;
  }

  /** Holds calls until the function that it returns is called. */
  hold(holder: ExitHolder): () => void {
    if (!this.isHolding) this.#restore = replaceEnds(this);
    this.#holders.set(holder, holder.clock.elapsed());
    return () => this.#release(holder);
  }

  /** Notes that Nest has run the shutdown hooks of an application. */
  closed(app: object): void {
    if (this.isHolding) this.#closed.add(app);
  }

  /** Notes a run of this process, until the function that it returns is called. */
  enter(): () => void {
    const run = {};
    this.#runs.add(run);
    return () => {
      this.#runs.delete(run);
      this.#endOfRuns();
    };
  }

  /** Ends the process as soon as it has no run and no shutdown any more. Never settles. */
  exitAfterRuns(code: number): Promise<never> {
    this.#runCode ||= code;
    this.#endOfRuns();
    return new Promise(() => {});
  }

  /** Ends the process at once. */
  exitNow(code: number): void {
    this.#free();
    process.exit(code);
  }

  asked(call: EndCall): void {
    const [holder, since] = this.#oldest ?? [];
    if (!holder || since === undefined) return call.end();
    const { clock, logger } = holder;
    const isOfNest = this.#expectsNest();
    if (!this.#first) {
      this.#first = call;
      logger.warn(`Held until the shutdown has ended: ${call.text}. A second call exits at once`);
      if (!this.#handlesSignals) this.#signals.listen(clock, since);
    } else if (!isOfNest) {
      logger.warn(`Exiting at once, calls in flight are cut off: ${call.text} is the second call`);
      this.#free();
      call.end();
    }
  }

  get #oldest(): readonly [ExitHolder, number] | undefined {
    return [...this.#holders][0];
  }

  get #handlesSignals(): boolean {
    return [...this.#holders.keys()].some(({ handlesSignals }) => handlesSignals);
  }

  #expectsNest(): boolean {
    const [app] = this.#closed;
    return app !== undefined && this.#closed.delete(app);
  }

  #release(holder: ExitHolder): void {
    const isLast = this.#holders.size === 1 && this.#holders.has(holder);
    // A run has closed its servers by now, and nothing is left to write.
    const isWriting = this.isAsked && isLast && !holder.handlesSignals;
    if (!isWriting) return this.#drop(holder);
    const release = holdProcess();
    holder.clock.after(LAST_BYTES, () => {
      release();
      this.#drop(holder);
    });
  }

  #drop(holder: ExitHolder): void {
    if (!this.#holders.delete(holder) || this.isHolding) return;
    const first = this.#first;
    this.#free();
    first?.end();
    this.#endOfRuns();
  }

  #endOfRuns(): void {
    if (this.#runCode === undefined || this.#runs.size > 0 || this.isHolding) return;
    process.exit(this.#runCode);
  }

  /** Lets every call through from now on. */
  #free(): void {
    this.#holders.clear();
    this.#closed.clear();
    this.#first = undefined;
    this.#signals.release();
    this.#restore();
  }
}
