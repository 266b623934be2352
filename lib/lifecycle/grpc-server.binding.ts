import type { MessageHandler, ServerGrpc } from '@nestjs/microservices';
import type { InFlightCalls } from '../calls/in-flight-calls.js';
import { type GrpcServer, isGrpcServer } from '../grpc/grpc-server.js';
import { countedHandler } from './counted-handler.js';
import { type CloseBounds, closeGracefully } from './graceful-close.js';

/** Marks a `close` that leaves the mesh first. */
const LEAVES_FIRST = Symbol.for('nestjs-sidecar-agent:leaves-first');

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
 * Wraps `listen`, `close` and `addHandler` of every gRPC server of the application, to learn when it is bound, to leave
 * before it closes, and to count its calls. Nest's hooks cannot tell any of these: `onApplicationBootstrap` runs with the
 * port still closed, and `app.close()` of a pure microservice closes the server before any hook.
 */
export class GrpcServerBinding {
  readonly #calls: InFlightCalls;
  #listener?: ServerListener;
  readonly #servers = new Set<BindableServer>();
  readonly #bound = new Set<BindableServer>();

  constructor(calls: InFlightCalls) {
    this.#calls = calls;
  }

  /** Says who is told. */
  tell(listener: ServerListener): void {
    this.#listener = listener;
  }

  /** Takes a transport server of any kind, before it listens; what speaks no gRPC is left alone. */
  attach(target: unknown): void {
    if (!isBindable(target) || this.#servers.has(target)) return;
    this.#servers.add(target);
    this.#countCalls(target);
    this.#reportBound(target);
    this.#leaveFirst(target);
  }

  /** The gRPC servers, bound or not. */
  get servers(): readonly GrpcServer[] {
    return [...this.#servers];
  }

  /** Whether there is a gRPC server, and none that is not bound. */
  get isBound(): boolean {
    return this.#servers.size > 0 && this.#bound.size === this.#servers.size;
  }

  #countCalls(server: BindableServer): void {
    const addHandler = server.addHandler.bind(server);
    server.addHandler = (pattern: unknown, handler: MessageHandler, ...rest: [isEventHandler?: boolean]) =>
      addHandler(pattern, countedHandler(pattern, handler, this.#calls), ...rest);
  }

  #reportBound(server: BindableServer): void {
    const listen = server.listen.bind(server);
    server.listen = (callback) =>
      listen((error, ...info) => {
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

  #leaveFirst(server: BindableServer): void {
    // With a second module in the application the innermost wrapper closes the server, when all have left.
    const isInnermost = !(LEAVES_FIRST in server.close);
    const close = server.close.bind(server);
    const leaveAndClose = async () => {
      await this.#listener?.closing();
      this.#bound.delete(server);
      const bounds = this.#listener?.closeBounds();
      await (bounds && isInnermost ? closeGracefully(server, close, this.#calls, bounds) : close());
    };
    server.close = Object.assign(leaveAndClose, { [LEAVES_FIRST]: true });
  }
}

function isBindable(target: unknown): target is BindableServer {
  if (!isGrpcServer(target)) return false;
  return ['listen', 'close', 'addHandler'].every(
    (method) => typeof Reflect.get(target, method) === 'function',
  );
}
