import type { GrpcOptions, MessageHandler, ServerGrpc } from '@nestjs/microservices';
import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { type GrpcServer, isGrpcServer } from '../service/grpc/grpc-server.js';
import { ownGrpcServers } from '../service/grpc/own-grpc-servers.js';
import { closeAfterLeaving } from './close-after-leaving.js';
import { countedHandler } from '../in-flight/counted-handler.js';
import type { CloseBounds } from './graceful-close.js';

/** What a bound server tells. */
export interface ServerListener {
  /** The server is bound and has its services; `listen()` of the application waits for it, and fails as it does. */
  bound(): Promise<void>;
  /** The server could not be bound. */
  refused(failure: unknown): void;
  /** The server is about to close, and still serves. */
  closing(): Promise<void>;
  /** How long closing may still take. */
  closeBounds(): CloseBounds;
}

/** The public methods of Nest's gRPC server that are wrapped. */
type BindableServer = GrpcServer & Pick<ServerGrpc, 'listen' | 'close' | 'addHandler'>;

/**
 * Wraps `listen`, `close` and `addHandler` of the application's gRPC servers, to learn when the module's own is bound, to
 * leave before it closes, and to count its calls. Nest's hooks cannot tell any of these: `onApplicationBootstrap` runs with
 * the port still closed, and `app.close()` of a pure microservice closes the server before any hook.
 *
 * Which server is the module's own is known only when all are there: hence all are wrapped, and each time asked for.
 */
export class GrpcServerBinding {
  readonly #calls: InFlightCalls;
  readonly #grpc: GrpcOptions['options'] | undefined;
  #listener?: ServerListener;
  readonly #all = new Set<BindableServer>();
  readonly #bound = new Set<object>();
  #own: ReadonlySet<object> = new Set();

  /** @param grpc the options of the module's own server */
  constructor(calls: InFlightCalls, grpc: GrpcOptions['options'] | undefined) {
    this.#calls = calls;
    this.#grpc = grpc;
  }

  /** Says who is told. */
  tell(listener: ServerListener): void {
    this.#listener = listener;
  }

  /** Takes a transport server of any kind, before it listens; what speaks no gRPC is left alone. */
  attach(target: unknown): void {
    if (!isBindable(target) || this.#all.has(target)) return;
    this.#all.add(target);
    this.#own = new Set(ownGrpcServers([...this.#all], this.#grpc));
    this.#countCalls(target);
    this.#reportBound(target);
    closeAfterLeaving(target, this.#leaver());
  }

  /** The module's own gRPC servers, bound or not: one, or all where the options tell none apart. */
  get servers(): readonly GrpcServer[] {
    return [...this.#all].filter((server) => this.#own.has(server));
  }

  /** The application's other gRPC servers. */
  get others(): readonly GrpcServer[] {
    return [...this.#all].filter((server) => !this.#own.has(server));
  }

  /** Whether there is a gRPC server of the module's, and none that is not bound. */
  get isBound(): boolean {
    return this.#own.size > 0 && [...this.#own].every((server) => this.#bound.has(server));
  }

  #countCalls(server: BindableServer): void {
    const addHandler = server.addHandler.bind(server);
    const begin = () => (this.#own.has(server) ? this.#calls.begin() : () => {});
    server.addHandler = (pattern: unknown, handler: MessageHandler, ...rest: [isEventHandler?: boolean]) =>
      addHandler(pattern, countedHandler(pattern, handler, begin), ...rest);
  }

  #reportBound(server: BindableServer): void {
    const listen = server.listen.bind(server);
    server.listen = (callback) =>
      listen((error, ...info) => {
        if (!this.#own.has(server)) return callback(error, ...info);
        if (error) {
          this.#listener?.refused(error);
          return callback(error, ...info);
        }
        this.#bound.add(server);
        (this.#listener?.bound() ?? Promise.resolve()).then(
          () => callback(undefined, ...info),
          (failure: unknown) => callback(failure, ...info),
        );
      });
  }

  #leaver() {
    const calls = this.#calls;
    return {
      owns: (server: object) => this.#own.has(server),
      leave: async (server: object) => {
        await this.#listener?.closing();
        this.#bound.delete(server);
      },
      closeBounds: () => this.#listener?.closeBounds(),
      get inFlight() {
        return calls.count;
      },
    };
  }
}

function isBindable(target: unknown): target is BindableServer {
  if (!isGrpcServer(target)) return false;
  return ['listen', 'close', 'addHandler'].every(
    (method) => typeof Reflect.get(target, method) === 'function',
  );
}
