import type { HttpRoute } from './routes/http-route.js';

/** The application a service belongs to. */
export interface AppIdentity {
  readonly id: string;
  readonly name: string;
  readonly env: string;
  readonly version: string;
  /** Tells this process from every other instance of the same app. */
  readonly instanceId: string;
}

/** The runtime that the service is written for. */
export interface Kernel {
  readonly language: string;
  readonly version: string;
}

/** How the mesh names and weighs the service. */
export interface ServiceIdentity {
  readonly name: string;
  readonly type: string;
  readonly namespace: string;
  readonly clusterDomain: string;
  /** The logical port that callers dial, not the one this process listens on. */
  readonly port: number;
  readonly weight: number;
}

/**
 * What is registered: everything an agent is told about this service. A node never changes, so that a register replay is
 * byte for byte the register before; an update puts another in its place. The app's secret is no part of it.
 */
export interface ServiceNode {
  readonly app: AppIdentity;
  readonly kernel: Kernel;
  readonly service: ServiceIdentity;
  readonly protocol: 'grpc' | 'http';
  /** The port this process listens on. */
  readonly serverPort: number;
  /** The management port, 0 where there is none. */
  readonly managedPort: number;
  /** `{name}.{namespace}.{type}.{clusterDomain}` unless given: a host, without a port. */
  readonly dns: string;
  /** When the node was built: RFC 3339 without a fraction. */
  readonly runDate: string;
  /** How many gRPC services are served. */
  readonly protoCount: number;
  /** Full gRPC method paths, sorted and without repeats. */
  readonly methods: readonly string[];
  /** The routes by which an HTTP gateway leads here, all of one sort. */
  readonly httpRoutes: readonly HttpRoute[];
}
