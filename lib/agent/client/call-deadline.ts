import { EventEmitter } from 'node:events';

/**
 * The end of a call's time. undici takes an emitter of `abort` for a signal as well as an `AbortSignal`, which costs more to make
 * and to listen to than all else that is done for a call.
 */
export class CallDeadline extends EventEmitter<{ abort: [reason: Error] }> {
  #reason?: Error;

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  /** What the call fails with. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  abort(reason: Error): void {
    this.#reason = reason;
    this.emit('abort', reason);
  }

  /** Settles as the work does, or fails at the deadline: undici may take its time to give up. */
  bound<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.once('abort', reject);
      work.then(resolve, reject);
    });
  }
}
