import { hasMethods } from '../support/shape.js';

/** Services that monitoring calls for ever: their calls do not show that callers remain. */
const PROBES = /^\/grpc\.(health|reflection|channelz)\./;

/** Calls that stay open by design. */
const ENDLESS = /^\/grpc\.(health\.[^/]+\/Watch|reflection\.[^/]+\/ServerReflectionInfo)$/;

/** gRPC's status for "try another server": clients repeat such a call. */
const UNAVAILABLE = 14;

/**
 * Nest takes an error of a stream for the end of its requests if its text has "cancelled" in it.
 * Otherwise the handler would fail with it, and Nest would log that.
 */
const REASON = 'cancelled: the server is shutting down';

/**
 * The calls of one gRPC method that its handler has got and grpc-js has not ended yet.
 *
 * grpc-js emits `cancelled` for every call, also after the last byte of a complete answer. A
 * `finish` of the stream or the handler's callback would come before that.
 */
export class MethodCalls {
  /** `/pkg.Service/Rpc`. */
  readonly path: string;
  /** Whether the calls are no arrivals. */
  readonly isProbe: boolean;
  /** Whether the calls stay open by design, and so hold nothing up. */
  readonly isEndless: boolean;
  /** Each call, with the callback that its handler answers with; streams have none. */
  readonly #open = new Map<object, unknown>();
  readonly #end: (this: object) => void;

  constructor(path: string) {
    this.path = path;
    this.isProbe = PROBES.test(path);
    this.isEndless = ENDLESS.test(path);
    const open = this.#open;
    // One listener for all calls: an event emitter passes itself as `this`.
    this.#end = function () {
      open.delete(this);
    };
  }

  /** The number of open calls. */
  get size(): number {
    return this.#open.size;
  }

  /** Counts a call until grpc-js ends it. */
  begin(call: object, callback: unknown): void {
    if (!hasMethods(call, 'on')) return;
    this.#open.set(call, callback);
    call.on('cancelled', this.#end);
  }

  /** Ends the open calls with UNAVAILABLE. grpc-js ignores what their handlers answer later. */
  refuseAll(): void {
    for (const [call, callback] of [...this.#open]) {
      const status = Object.assign(new Error(REASON), { code: UNAVAILABLE, details: REASON });
      if (typeof callback === 'function') (callback as (error: Error) => void)(status);
      else if (hasMethods(call, 'emit')) call.emit('error', status);
    }
  }
}
