import type { GrpcOptions } from '@nestjs/microservices';
import type { ServiceNodeIdentity } from './build-service-node.js';
import type { HttpRoute } from './routes/http-route.js';

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

/** What is known of a service before it runs, and where the rest is read. */
export interface ServiceSource {
  /** Without a port where only the bound server knows it. */
  readonly identity: Omit<ServiceNodeIdentity, 'serverPort'> & { readonly serverPort?: number };
  /** Absent where they are read off the server. */
  readonly methods?: readonly string[];
  /** The options that the gRPC server was made with. */
  readonly grpc?: GrpcOptions['options'];
  readonly httpRoutes: HttpRouteSource;
  readonly gatewayManifest?: GatewayManifestSource;
}
