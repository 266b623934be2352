import type { GrpcOptions } from '@nestjs/microservices';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { ServiceNodeIdentity } from '../node/build-service-node.js';
import type { HttpRoute } from '../node/http-route.js';
import type { Dialect } from '../protocol/dialect.js';
import type { TlsOptions } from './sidecar-agent-options.interface.js';

/** Where the agent is and how it is reached. */
export interface AgentEndpoint {
  /** `http://host:port`, the one origin that headers and TLS settings are meant for. */
  readonly origin: string;
  /** What goes before `/register`, `/drain` and `/deregister`: empty, or a path without a slash at its end. */
  readonly basePath: string;
  /** The path, and query, of the event stream. */
  readonly watchPath: string;
  readonly socketPath?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsOptions;
}

/** Where the HTTP routes come from. */
export type HttpRouteSource =
  | { readonly from: 'annotations'; readonly required: boolean }
  | { readonly from: 'manifest' }
  | { readonly from: 'controllers' }
  | { readonly from: 'list'; readonly routes: readonly HttpRoute[] };

/** The gateway manifest that the methods, and perhaps the routes, are taken of. */
export interface GatewayManifestSource {
  readonly path: string;
  readonly mismatch: 'error' | 'warn';
}

/** The options, checked and completed: every duration in milliseconds. The secret is no part of them. */
export interface ResolvedOptions {
  readonly enabled: boolean;
  /** Without a port where only the bound server knows it. */
  readonly identity: Omit<ServiceNodeIdentity, 'serverPort'> & { readonly serverPort?: number };
  readonly methods?: readonly string[];
  readonly grpc?: GrpcOptions['options'];
  readonly httpRoutes: HttpRouteSource;
  readonly gatewayManifest?: GatewayManifestSource;
  readonly endpoint: AgentEndpoint;
  readonly dialect: Dialect | 'auto';
  readonly gracePeriod: number;
  readonly drainDelay: number;
  readonly shutdownTimeout: number;
  readonly requestTimeout: number;
  readonly reconnectInterval: number;
  readonly maxReconnectInterval: number;
  readonly idleTimeout: number;
  readonly maxEventBytes: number;
  /** Milliseconds, 0 for no wait. */
  readonly waitForRegistration: number;
  readonly onError?: (error: SidecarAgentError) => void;
}
