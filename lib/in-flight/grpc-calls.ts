import { type CallsInProgress, channelzCalls } from '../service/grpc/channelz.js';
import { isKeptWatch } from '../service/grpc/health-sources.js';
import { hasMethods } from '../support/shape.js';
import { sortUnique } from '../support/text/sort-unique.js';
import type { Arrivals } from './arrivals.js';
import { MethodCalls } from './method-calls.js';

type Handler = (call: object, callback?: unknown) => unknown;

/**
 * The calls in flight at one grpc-js server, whatever serves them. Their number comes from
 * channelz, which knows of a call before any handler does. Their names, and the means to end them,
 * come from a wrap of the public `Server.register`, which adds the methods of every service.
 */
export class GrpcCalls {
  readonly #arrivals: Pick<Arrivals, 'note'>;
  readonly #methods: MethodCalls[] = [];
  #server?: object;
  #inProgress?: CallsInProgress;

  constructor(arrivals: Pick<Arrivals, 'note'>) {
    this.#arrivals = arrivals;
  }

  /** Follows a server, before its services are added. */
  follow(server: object): void {
    if (!hasMethods(server, 'register')) return;
    this.#server = server;
    this.#inProgress = channelzCalls(server);
    const register = server.register.bind(server);
    server.register = (name: unknown, handler: unknown, ...rest: unknown[]) =>
      register(name, this.#followed(String(name), handler as Handler), ...rest);
  }

  /** The number of calls in flight; those that never end by design are left out. */
  get count(): number {
    let known = 0;
    let endless = 0;
    for (const method of this.#methods) {
      known += method.size;
      if (method.isEndless) endless += method.size;
    }
    return Math.max(this.#inProgress?.() ?? 0, known) - endless;
  }

  /** The methods of the calls in flight, sorted and without repeats. */
  get methods(): readonly string[] {
    const open = this.#methods.filter(({ size, isEndless }) => size > 0 && !isEndless);
    return sortUnique(open.map(({ path }) => path));
  }

  /** Ends the calls that nobody else would ever end. */
  endEndless(): void {
    for (const method of this.#methods) {
      if (method.isEndless && !isKeptWatch(this.#server, method.path)) method.refuseAll();
    }
  }

  /** Ends every call with UNAVAILABLE, so that its client may repeat it elsewhere. */
  endAll(): void {
    for (const method of this.#methods) method.refuseAll();
  }

  /** What it returns runs for every call, so it does little. */
  #followed(path: string, handler: Handler): Handler {
    const method = new MethodCalls(path);
    this.#methods.push(method);
    const { isProbe } = method;
    const arrivals = this.#arrivals;
    return (call, callback) => {
      if (!isProbe) arrivals.note();
      method.begin(call, callback);
      return handler(call, callback);
    };
  }
}
