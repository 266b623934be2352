import { isInfrastructureMethod } from '../service/grpc/infrastructure-methods.js';
import { hasMethods } from '../support/shape.js';

/** Calls that stay open by design. */
const ENDLESS = /^\/grpc\.(health\.[^/]+\/Watch|reflection\.[^/]+\/ServerReflectionInfo)$/;

/** gRPC's status for "try another server": clients repeat such a call. */
const UNAVAILABLE = 14;

/**
 * Nest takes an error of a stream for the end of its requests if its text has "cancelled" in it.
 * Otherwise the handler would fail with it, and Nest would log that.
 */
const REASON = 'cancelled: the server is shutting down';

interface OpenCall {
  readonly call: object;
  /** The handler answers with it; the handler of a stream has none. */
  readonly callback: unknown;
  place: number;
}

/**
 * The calls of one gRPC method that its handler has got and grpc-js has not ended yet.
 *
 * grpc-js emits `cancelled` for every call, also after the last byte of a complete answer. A
 * `finish` of the stream or the handler's callback would come before that.
 */
export class MethodCalls {
  /** `/pkg.Service/Rpc`. */
  readonly path: string;
  /** Whether the calls do not count as arrivals. */
  readonly isProbe: boolean;
  /** Whether the calls stay open by design, and so hold nothing up. */
  readonly isEndless: boolean;
  /** A list, since a `Map` by call costs ten times as much. Each call knows its place in it. */
  readonly #open: OpenCall[] = [];

  constructor(path: string) {
    this.path = path;
    this.isProbe = isInfrastructureMethod(path);
    this.isEndless = ENDLESS.test(path);
  }

  /** The number of open calls. */
  get size(): number {
    return this.#open.length;
  }

  /** Counts a call until grpc-js ends it. */
  begin(call: object, callback: unknown): void {
    if (!hasMethods(call, 'on')) return;
    const open = { call, callback, place: this.#open.length };
    this.#open.push(open);
    call.on('cancelled', () => this.#end(open));
  }

  /** Ends the open calls with UNAVAILABLE. grpc-js ignores what their handlers answer later. */
  refuseAll(): void {
    for (const { call, callback } of [...this.#open]) {
      const status = Object.assign(new Error(REASON), { code: UNAVAILABLE, details: REASON });
      if (typeof callback === 'function') (callback as (error: Error) => void)(status);
      else if (hasMethods(call, 'emit')) call.emit('error', status);
    }
  }

  /** Puts the last call into the place of one that has ended. */
  #end(ended: OpenCall): void {
    if (this.#open[ended.place] !== ended) return;
    const last = this.#open.pop();
    if (!last || last === ended) return;
    last.place = ended.place;
    this.#open[last.place] = last;
  }
}
