import type { GrpcOptions, ServerGrpc } from '@nestjs/microservices';
import { GrpcCalls } from '../in-flight/grpc-calls.js';
import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { type GrpcServer, isGrpcServer } from '../service/grpc/grpc-server.js';
import { addHealthSource, type ServiceHealth } from '../service/grpc/health-sources.js';
import { ownGrpcServers } from '../service/grpc/own-grpc-servers.js';
import { hasMethods } from '../support/shape.js';
import { closeAfterLeaving, isRegistered, type Leaver } from './close-after-leaving.js';
import type { CloseBounds } from './close-bounds.js';
import { finishWork } from './finish-work.js';

/** What the module does when something happens to one of its gRPC servers. */
export interface ServerListener {
  /** The server is bound. `listen()` of the application waits for the promise and fails with it. */
  bound(): Promise<void>;
  /** The server could not be bound. */
  refused(failure: unknown): void;
  /** The server is about to close; it closes after the promise resolves. */
  closing(): Promise<void>;
  /** Returns how long closing may still take, or `undefined` if the service does not leave. */
  closeBounds(): CloseBounds | undefined;
  /** Logs a line. */
  log(line: string): void;
}

/** The public methods of Nest's gRPC server that are wrapped. */
type BindableServer = GrpcServer & Pick<ServerGrpc, 'listen' | 'close' | 'createClient'>;

/**
 * Wraps `listen`, `close` and `createClient` of the application's gRPC servers, to know when the
 * module's server is bound, to leave the mesh before it closes, and to count its calls. Nest has no
 * hook for these: `onApplicationBootstrap` runs before the port is open, and `app.close()` of a
 * microservice without an HTTP server closes the server before any hook.
 *
 * Which servers are the module's is known only after all are attached. So all are wrapped, and each
 * wrapper asks when it is called.
 */
export class GrpcServerBinding {
  readonly #calls: InFlightCalls;
  readonly #grpc: GrpcOptions['options'] | undefined;
  readonly #registers: boolean;
  #listener?: ServerListener;
  #health?: ServiceHealth;
  readonly #all = new Set<BindableServer>();
  readonly #bound = new Set<object>();
  readonly #callsOf = new WeakMap<object, GrpcCalls>();
  #own: ReadonlySet<object> = new Set();

  /**
   * @param grpc the option `grpc` of the module, which tells its server from others
   * @param registers whether the module registers a gRPC service; if not, no server is its own
   */
  constructor(calls: InFlightCalls, grpc: GrpcOptions['options'] | undefined, registers: boolean) {
    this.#calls = calls;
    this.#registers = registers;
    this.#grpc = grpc;
  }

  /**
   * Sets the listener.
   *
   * @param health what the module tells the health services of the servers
   */
  notify(listener: ServerListener, health?: ServiceHealth): void {
    this.#listener = listener;
    this.#health = health;
  }

  /** Adds a transport server before it listens. Servers of other transports are ignored. */
  attach(target: unknown): void {
    if (!isBindable(target) || this.#all.has(target)) return;
    this.#all.add(target);
    if (this.#registers) this.#own = new Set(ownGrpcServers([...this.#all], this.#grpc));
    this.#prepare(target);
    this.#reportBound(target);
    closeAfterLeaving(target, this.#leaver());
  }

  /** The module's gRPC servers, bound or not: all of them if the options fit each equally well. */
  get servers(): readonly GrpcServer[] {
    return [...this.#all].filter((server) => this.#own.has(server));
  }

  /** The application's other gRPC servers; none if the module does not register a gRPC service. */
  get others(): readonly GrpcServer[] {
    if (!this.#registers) return [];
    return [...this.#all].filter((server) => !this.#own.has(server));
  }

  /** Whether the module has a gRPC server, and each of its servers is bound. */
  get isBound(): boolean {
    return this.#own.size > 0 && [...this.#own].every((server) => this.#bound.has(server));
  }

  /** Nest adds the services to the grpc-js server after this, so every handler is followed. */
  #prepare(server: BindableServer): void {
    const createClient = server.createClient.bind(server);
    server.createClient = async () => {
      const grpcJsServer = (await createClient()) as object;
      if (this.#health) addHealthSource(grpcJsServer, this.#health, () => this.#own.has(server));
      if (this.#own.has(server)) {
        const calls = this.#follow(server, grpcJsServer, this.#calls.arrivals);
        this.#calls.addSource(calls);
      } else if (!isRegistered(server)) {
        // Its calls do not count, but end gracefully.
        this.#follow(server, grpcJsServer, { note: () => {} });
      }
      return grpcJsServer;
    };
  }

  #follow(server: object, grpcJsServer: object, arrivals: ConstructorParameters<typeof GrpcCalls>[0]) {
    const calls = new GrpcCalls(arrivals);
    calls.follow(grpcJsServer);
    this.#callsOf.set(server, calls);
    return calls;
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

  #leaver(): Leaver {
    return {
      owns: (server) => this.#own.has(server),
      leave: async (server) => {
        await this.#listener?.closing();
        this.#bound.delete(server);
      },
      closeBounds: () => this.#listener?.closeBounds(),
      callsOf: (server) => this.#callsOf.get(server),
      finishWork: (left) => finishWork(this.#calls, left, (line) => this.#listener?.log(line)),
      log: (line) => this.#listener?.log(line),
    };
  }
}

function isBindable(target: unknown): target is BindableServer {
  return isGrpcServer(target) && hasMethods(target, 'listen', 'close', 'createClient');
}
