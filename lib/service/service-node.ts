import type { HttpRoute } from './routes/http-route.js';

/** The application that a service belongs to. */
export interface AppIdentity {
  /** The id by which the mesh knows the app, such as `'10001'`. */
  readonly id: string;
  /** The name of the app, such as `'auth-center'`. */
  readonly name: string;
  /** The environment that the app runs in, such as `'prod'`. */
  readonly env: string;
  /** The version of the app, such as `'v1.3.4'`. */
  readonly version: string;
  /** Distinguishes this process from every other instance of the app. */
  readonly instanceId: string;
}

/** The runtime that the service is written for. */
export interface Kernel {
  /** The programming language, such as `node`. */
  readonly language: string;
  /** The version of the runtime. */
  readonly version: string;
}

/** The name and the weight of the service in the mesh. */
export interface ServiceIdentity {
  /** The name of the service, the first part of its DNS name. */
  readonly name: string;
  /** The type of the service, the third part of its DNS name. */
  readonly type: string;
  /** The namespace of the service, the second part of its DNS name. */
  readonly namespace: string;
  /** The domain of the mesh, the end of its DNS name. */
  readonly clusterDomain: string;
  /**
   * The logical port that callers dial, 1 to 65535. It is not the port that this process listens
   * on.
   */
  readonly port: number;
  /** The relative share of calls that this instance gets: a whole number, 1 or more. */
  readonly weight: number;
}

/**
 * The node that the module registers: everything that an agent knows about this service. It does
 * not contain the secret of the app.
 *
 * A node never changes, so every replay sends the same bytes as the register before. An update
 * registers another node in its place.
 */
export interface ServiceNode {
  readonly app: AppIdentity;
  readonly kernel: Kernel;
  readonly service: ServiceIdentity;
  readonly protocol: 'grpc' | 'http';
  /** The port that this process listens on, 1 to 65535. */
  readonly serverPort: number;
  /** The management port, 1 to 65535, or 0 if there is none. */
  readonly managedPort: number;
  /**
   * A host name without a port: `{name}.{namespace}.{type}.{clusterDomain}`, unless the options
   * give another.
   */
  readonly dns: string;
  /** The time when the node was built, in RFC 3339 format without fractions of a second. */
  readonly runDate: string;
  /** The number of gRPC services in `methods`. */
  readonly protoCount: number;
  /** Full gRPC method paths, sorted and unique. */
  readonly methods: readonly string[];
  /** The routes by which an HTTP gateway calls this service, all of one kind. */
  readonly httpRoutes: readonly HttpRoute[];
}
