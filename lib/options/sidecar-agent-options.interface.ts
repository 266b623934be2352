import type { GrpcOptions } from '@nestjs/microservices';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { HeaderValues, TlsOptions } from '../agent/connection/agent-endpoint.js';
import type { Kernel } from '../service/service-node.js';
import type { Dialect } from '../agent/protocol/dialect.js';
import type { Duration } from '../support/timing/duration.js';
import type { AppOptions } from './app-options.interface.js';
import type { HttpRouteOptions } from './http-route-options.interface.js';
import type { RegistrationFileOptions } from './registration-file-options.interface.js';
import type { ServiceOptions } from './service-options.interface.js';
import type { ShutdownOptions } from './shutdown-options.interface.js';

/**
 * The options of `SidecarAgentModule`. `app` and `service` are required, and for a gRPC service
 * `grpc` or `methods`. Every other option has a default. With `enabled: false` none is required.
 *
 * A duration is a number of milliseconds, or a text with units such as `'20s'`, `'1m30s'` or
 * `'500ms'`. The longest is 2147483647 ms, which is nearly 25 days.
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
export interface SidecarAgentOptions extends HttpRouteOptions, RegistrationFileOptions, ShutdownOptions {
  /** The app that the service belongs to: `id`, `name`, `env` and `version` are required. */
  app: AppOptions;
  /** The name of the service in the mesh, and its share of calls: only `name` is required. */
  service: ServiceOptions;
  /**
   * The language and the version of the runtime.
   * @default `{ language: 'node', version: process.version }`
   */
  kernel?: Kernel;
  /**
   * The protocol that the service speaks. An `'http'` service registers the routes of its
   * controllers and no gRPC methods, as soon as Nest's HTTP server listens.
   * @default 'grpc'
   */
  protocol?: 'grpc' | 'http';
  /**
   * The port at which this process can be reached, 1 to 65535: the port that it listens on, or one
   * that is forwarded to it. It is required if only `methods` is given, and if `grpc.url` is a Unix
   * socket.
   * @default the port that the server listens on
   */
  serverPort?: number;
  /**
   * The port of the management endpoints, 1 to 65535, or 0 if there is none.
   * @default 0
   */
  managedPort?: number;
  /**
   * The DNS name that callers resolve: a host name, without a port. It replaces the name that is
   * made of the parts of `service`.
   * @default '{service.name}.{service.namespace}.{service.type}.{service.clusterDomain}'
   */
  dns?: string;
  /**
   * The same `options` object that you pass to `createMicroservice` or `connectMicroservice`, or a
   * copy of it. The module reads the gRPC methods from `package`, `protoPath` or
   * `packageDefinition` and `loader`, and from the server. It reads the port from `url`. Required
   * for a gRPC service, unless `methods` is given.
   * @default none
   */
  grpc?: GrpcOptions['options'];
  /**
   * The full paths of the gRPC methods to register, such as `'/acme.auth.v1.AuthService/Login'`.
   * They replace the methods that the module would read from `grpc`. The module sorts them and
   * removes repeats, and does not compare them with what the server serves. An `http` service has
   * none.
   * @default the methods that the gRPC server serves, without those of gRPC's own services
   */
  methods?: readonly string[];
  /**
   * Whether the module also registers the methods of gRPC's own services that it finds in `grpc`:
   * those of the packages `grpc.health.*`, `grpc.reflection.*` and `grpc.channelz.*`. They tell of
   * one process, so a call that the mesh routes to any instance is of no use. Methods that you give
   * in `methods` or in a gateway manifest are registered as given.
   * @default false
   */
  announceInfrastructure?: boolean;

  /**
   * The address of the agent: an http or https URL without user info, query or fragment. Its path,
   * if it has one, is put before the path of each call.
   * @default 'http://127.0.0.1:15010'
   */
  baseUrl?: string;
  /**
   * The address of the agent's event stream: a path below `baseUrl` that starts with `/`, or a URL
   * with the origin of `baseUrl`.
   * @default '/watch'
   */
  watchUrl?: string;
  /**
   * The path of a Unix socket. The module connects to it instead of the host and port of `baseUrl`.
   * @default none
   */
  socketPath?: string;
  /**
   * Headers that the module sends with every call to the agent, such as a token, or a function that
   * returns them or a promise of them. It sends them to the origin of `baseUrl` only and never logs
   * their values. Headers that the module or the connection sets, such as `content-type`, cannot be
   * given.
   *
   * The module calls the function for each connection of the event stream and for each call, within
   * the `requestTimeout` of that call, so that a token can be renewed without a restart. It runs
   * outside of the async context of your code. If the function throws, rejects, or returns a header
   * that cannot be sent, that try has failed and the module tries again.
   * @default none
   * @example
   * ```ts
   * headers: async () => ({ authorization: `Bearer ${await readFile(tokenFile, 'utf8')}` })
   * ```
   */
  headers?: HeaderValues | (() => HeaderValues | Promise<HeaderValues>);
  /**
   * TLS options for an https `baseUrl`, such as a CA or a client certificate. They have the meaning
   * that they have in `tls.connect` of Node.js. With `caFile`, `certFile` and `keyFile` the module
   * reads them from files again for each connection.
   * @default none: Node.js checks the certificate against its own CAs
   */
  tls?: TlsOptions;
  /**
   * The form of the calls to the agent. `'auto'` uses `'node'`, and `'flat'` if the agent answers
   * that it speaks `'flat'`.
   * @default 'auto'
   */
  dialect?: Dialect | 'auto';

  /**
   * The longest time that one call to the agent may take, from connecting to the last byte of the
   * answer: 1 ms and more. It also limits the wait for the headers of the event stream. A register
   * that takes longer is late, and gets five times as long.
   * @default '3s'
   */
  requestTimeout?: Duration;
  /**
   * The first wait before the module reconnects, or repeats a register: 1 ms and more. The wait
   * doubles with each failure, up to `maxReconnectInterval`. The module waits a random time between
   * half of it and all of it, so that the clients of one agent do not return at once.
   * @default '1s'
   */
  reconnectInterval?: Duration;
  /**
   * The longest wait before the module reconnects, or repeats a register. It cannot be shorter than
   * `reconnectInterval`.
   * @default '5s', or `reconnectInterval` if that is longer
   */
  maxReconnectInterval?: Duration;
  /**
   * How often the module repeats an accepted register, so that an agent which lost the instance has
   * it again: a random time between half of it and all of it, and longer if a register takes more
   * than a hundredth of that. 0 turns it off.
   * @default '30s'
   */
  reassertInterval?: Duration;
  /**
   * The longest silence of the event stream, 1 ms and more. The module reconnects if the stream
   * sends no byte for that long, or no `connected` within that time of its start. If the agent
   * sends its heartbeats less often, the limit grows to three times the agent's longest silence.
   * @default '15s'
   */
  idleTimeout?: Duration;
  /**
   * The size limit of one event of the stream in bytes, 1 or more. The module reconnects if an
   * event is larger.
   * @default 1048576 (1 MiB)
   */
  maxEventBytes?: number;
  /**
   * Whether the module does anything. With `false` it sends nothing to the agent and needs no other
   * option. Everything that it provides can still be injected. One log line says so.
   * @default true
   */
  enabled?: boolean;
  /**
   * Whether the start waits for the first register, and how long: `true` for up to 10 s, or a
   * duration of 1 ms and more. When the time is over, the start continues with a warning. An `http`
   * service does not wait, because Nest reports that its server listens only at the end of
   * `listen()`.
   * @default false
   */
  waitForRegistration?: boolean | Duration;
  /**
   * A function that the module calls with every error, repeated errors included. If it throws, the
   * module logs what it threw and continues.
   * @default none
   */
  onError?: (error: SidecarAgentError) => void;
}
