import { EventEmitter } from 'node:events';

/**
 * The deadline of one call. As its signal, undici accepts an emitter of `abort` in place of an
 * `AbortSignal`, which costs more to create and to listen to than the rest of the call.
 */
export class CallDeadline extends EventEmitter<{ abort: [reason: Error] }> {
  #reason?: Error;

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  /** The error of the call, if the deadline has passed. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  abort(reason: Error): void {
    this.#reason = reason;
    this.emit('abort', reason);
  }

  /**
   * Settles as `work` does, or rejects at the deadline. undici cannot abort a call that still waits
   * for its connection.
   */
  bound<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.once('abort', reject);
      work.then(resolve, reject);
    });
  }
}
