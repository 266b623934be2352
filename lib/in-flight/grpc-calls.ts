import { type CallsInProgress, channelzCalls } from '../service/grpc/channelz.js';
import { hasMethods } from '../support/shape.js';
import type { Arrivals } from './arrivals.js';

/** gRPC's status for "try another server": clients repeat such a call. */
const UNAVAILABLE = { code: 14, details: 'the server is shutting down' };

/** Services that mesh and monitoring call for ever, and so tell nothing of callers. */
const PROBES = /^\/grpc\.(health|reflection|channelz)\./;

/** Calls that stay open by design: they hold nothing up, and end when the drain begins. */
const ENDLESS = /^\/grpc\.(health\.[^/]+\/Watch|reflection\.[^/]+\/ServerReflectionInfo)$/;

type Handler = (call: unknown, callback?: unknown) => unknown;
type Callback = (...answer: unknown[]) => unknown;

/** One call that is being answered. */
interface OpenCall {
  readonly method: string;
  /** Answers with a status in the handler's place. */
  readonly refuse: (status: typeof UNAVAILABLE) => void;
}

/**
 * The calls in flight at one grpc-js server, whatever serves them. Their number comes from channelz,
 * which knows of a call before any handler does; their names, and the means to end them, from a wrap
 * of the public `Server.register`, by which every service is added.
 */
export class GrpcCalls {
  readonly #arrivals: Pick<Arrivals, 'note'>;
  readonly #open = new Set<OpenCall>();
  #endless = 0;
  #inProgress?: CallsInProgress;

  constructor(arrivals: Pick<Arrivals, 'note'>) {
    this.#arrivals = arrivals;
  }

  /** Follows a server, before its services are added. */
  follow(server: object): void {
    if (!hasMethods(server, 'register')) return;
    this.#inProgress = channelzCalls(server);
    const register = server.register.bind(server);
    server.register = (name: unknown, handler: unknown, ...rest: unknown[]) =>
      register(name, this.#followed(String(name), handler as Handler), ...rest);
  }

  /** How many calls are in flight; those that never end by design are left out. */
  get count(): number {
    const known = this.#open.size;
    return Math.max(this.#inProgress?.() ?? known, known) - this.#endless;
  }

  /** The methods of the calls in flight, sorted and without repeats. */
  get methods(): readonly string[] {
    const names = [...this.#open].map(({ method }) => method);
    return [...new Set(names.filter((name) => !ENDLESS.test(name)))].sort();
  }

  /** Ends the calls that would never end by themselves. */
  endEndless(): void {
    for (const call of [...this.#open]) if (ENDLESS.test(call.method)) this.#refuse(call);
  }

  /** Ends every call with UNAVAILABLE, so that its client may repeat it elsewhere. */
  endAll(): void {
    for (const call of [...this.#open]) this.#refuse(call);
  }

  #refuse(call: OpenCall): void {
    this.#close(call);
    call.refuse(UNAVAILABLE);
  }

  #followed(method: string, handler: Handler): Handler {
    const isProbe = PROBES.test(method);
    return (call, callback) => {
      if (!isProbe) this.#arrivals.note();
      return typeof callback === 'function'
        ? this.#answer(method, handler, call, callback as Callback)
        : this.#stream(method, handler, call);
    };
  }

  #answer(method: string, handler: Handler, call: unknown, callback: Callback): unknown {
    const open = this.#begin(method, (status) => callback(status));
    if (hasMethods(call, 'on')) call.on('cancelled', () => this.#close(open));
    return handler(call, (...answer: unknown[]) => {
      // Answered in its place already.
      if (this.#close(open)) callback(...answer);
    });
  }

  #stream(method: string, handler: Handler, call: unknown): unknown {
    const open = this.#begin(method, (status) => {
      if (hasMethods(call, 'emit')) call.emit('error', status);
    });
    if (hasMethods(call, 'on')) {
      for (const end of ['finish', 'cancelled']) call.on(end, () => this.#close(open));
    }
    return handler(call);
  }

  #begin(method: string, refuse: OpenCall['refuse']): OpenCall {
    const open = { method, refuse };
    this.#open.add(open);
    if (ENDLESS.test(method)) this.#endless += 1;
    return open;
  }

  /** Returns whether the call was open. */
  #close(call: OpenCall): boolean {
    const wasOpen = this.#open.delete(call);
    if (wasOpen && ENDLESS.test(call.method)) this.#endless -= 1;
    return wasOpen;
  }
}
