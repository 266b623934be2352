import type { EventEmitter } from 'node:events';

/** gRPC's status for "try another server". */
const UNAVAILABLE = 14;

const REASON = 'the server is shutting down';

/**
 * The watches of a health service that are open. The package grpc-health-check ends none of them,
 * and a server with one cannot close.
 */
export class OpenWatches {
  readonly #open = new Set<EventEmitter>();
  #areEnded = false;

  /** Adds a watch, after its first message. */
  add(call: EventEmitter): void {
    if (this.#areEnded) return end(call);
    this.#open.add(call);
    // grpc-js emits it at every end of a call.
    call.once('cancelled', () => this.#open.delete(call));
  }

  /** Ends each watch after the messages that were sent to it, and each later one at once. */
  endAll(): void {
    this.#areEnded = true;
    for (const call of this.#open) end(call);
  }
}

function end(call: EventEmitter): void {
  call.emit('error', Object.assign(new Error(REASON), { code: UNAVAILABLE, details: REASON }));
}
