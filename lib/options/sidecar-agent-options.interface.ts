import type { GrpcOptions } from '@nestjs/microservices';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { TlsOptions } from '../agent/connection/agent-endpoint.js';
import type { Kernel } from '../service/service-node.js';
import type { Dialect } from '../agent/protocol/dialect.js';
import type { Duration } from '../support/timing/duration.js';
import type { HttpRouteOptions } from './http-route-options.interface.js';

/** The application that the service belongs to. Every text must be non-blank: agents refuse blank ones. */
export interface AppOptions {
  /** The id under which the mesh knows the app, such as `'10001'`. */
  id: string;
  /** The app's name, such as `'auth-center'`. */
  name: string;
  /** The environment, such as `'prod'`. */
  env: string;
  /** The version that is rolled out, such as `'v1.3.4'`. */
  version: string;
  /**
   * Tells this process from the app's other instances.
   * @default a new UUID v7 (RFC 9562)
   */
  instanceId?: string;
  /** The app's secret. It never leaves the process: on the wire the field is always empty. */
  secret?: string;
}

/** How the mesh names and weighs the service. */
export interface ServiceOptions {
  /** The service's name, such as `'auth'`. */
  name: string;
  /** @default 'default' */
  namespace?: string;
  /** @default 'svc' */
  type?: string;
  /** @default 'cluster.local' */
  clusterDomain?: string;
  /**
   * The logical port that callers dial, 1 to 65535; not the one this process listens on.
   * @default 9090
   */
  port?: number;
  /**
   * The share of calls, 1 or more.
   * @default 100
   */
  weight?: number;
}

/**
 * What {@link SidecarAgentModule} is told. Only `app`, `service` and, for a gRPC service, `grpc` (or `methods`) and a
 * port are needed; everything else has a default.
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRoot({
 *   app: { id: '10001', name: 'auth-center', env: 'prod', version: 'v1.3.4' },
 *   service: { name: 'auth' },
 *   grpc: grpcOptions,
 * })
 * ```
 */
export interface SidecarAgentOptions extends HttpRouteOptions {
  app: AppOptions;
  service: ServiceOptions;
  /** @default the language `node` and the version of this Node */
  kernel?: Kernel;
  /**
   * What the service speaks. An `http` service announces no methods but the routes of its controllers, as proxy routes, and
   * is ready when Nest's HTTP server listens.
   * @default 'grpc'
   */
  protocol?: 'grpc' | 'http';
  /**
   * The port this process listens on, 1 to 65535.
   * @default the port that `grpc.url` names; where it names none, or 0, and for an `http` service the port that was bound
   */
  serverPort?: number;
  /**
   * The port of the management endpoints, 0 for none.
   * @default 0
   */
  managedPort?: number;
  /**
   * The name that callers resolve: a host, without a port.
   * @default '{service.name}.{service.namespace}.{service.type}.{service.clusterDomain}'
   */
  dns?: string;
  /**
   * What stands under `options` for `createMicroservice` or `connectMicroservice`, or a copy of it: `package`,
   * `protoPath` or `packageDefinition`, `loader`, `url`. The method list is read from it and from the server.
   */
  grpc?: GrpcOptions['options'];
  /**
   * Full gRPC method paths (`/acme.auth.v1.AuthService/Login`) to announce instead of those found by reflection. They are
   * sent as given, sorted and unique, and are not checked against what is served.
   */
  methods?: readonly string[];

  /**
   * The agent's address, http or https, without user info. A path in it goes before each call's own.
   * @default 'http://127.0.0.1:15010'
   */
  baseUrl?: string;
  /**
   * The address of the event stream, or its path below `baseUrl`. It must have the origin of `baseUrl`.
   * @default '/watch'
   */
  watchUrl?: string;
  /** A Unix socket to connect to instead of the host and port of `baseUrl`. */
  socketPath?: string;
  /** Headers sent with every call, such as a token. They go to the agent's origin alone and are never logged. */
  headers?: Readonly<Record<string, string>>;
  /** TLS settings for an https `baseUrl`: an own CA, a client certificate. */
  tls?: TlsOptions;
  /**
   * The form of the calls. `auto` says `node` and, where the agent answers that it speaks the other, `flat`.
   * @default 'auto'
   */
  dialect?: Dialect | 'auto';

  /**
   * How long calls in flight may go on after the drain; `''` or 0 skips drain and wait.
   * @default '20s'
   */
  gracePeriod?: Duration;
  /**
   * How long to serve at least after the drain, while routers learn of it; cut to `gracePeriod`.
   * @default '5s'
   */
  drainDelay?: Duration;
  /**
   * The bound of the whole leave: after it the server is closed whatever is still open.
   * @default gracePeriod + 3 × requestTimeout
   */
  shutdownTimeout?: Duration;
  /**
   * The bound of one call to the agent, from connecting to the last byte of its answer, and of the wait for the event
   * stream's headers.
   * @default '3s'
   */
  requestTimeout?: Duration;
  /**
   * The first wait before a reconnect or a repeated register; it doubles from there. Each wait is uniform between
   * half and all of its step.
   * @default '1s'
   */
  reconnectInterval?: Duration;
  /**
   * The longest such wait.
   * @default '5s', or `reconnectInterval` where that is longer
   */
  maxReconnectInterval?: Duration;
  /**
   * A stream silent for so long is dead, and so is one that has not said `connected` within it.
   * @default '15s'
   */
  idleTimeout?: Duration;
  /**
   * The most bytes that one event of the stream may have.
   * @default 1048576
   */
  maxEventBytes?: number;

  /**
   * `false` turns the module off: everything injects, nothing is sent.
   * @default true
   */
  enabled?: boolean;
  /**
   * Makes start-up wait for the first register: `true` for at most 10 s, or a limit. After it start-up goes on, with a warning.
   * An `http` service does not wait: Nest says that its server listens when `listen()` is done.
   * @default false
   */
  waitForRegistration?: boolean | Duration;
  /** Told of every error, repeated ones included. What it throws is logged and goes no further. */
  onError?: (error: SidecarAgentError) => void;
}
