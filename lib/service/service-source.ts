import type { GrpcOptions } from '@nestjs/microservices';
import type { ServiceNodeIdentity } from './build-service-node.js';
import type { HttpRoute } from './routes/http-route.js';

/** Where the module takes the HTTP routes from. */
export type HttpRouteSource =
  | { readonly from: 'annotations'; readonly required: boolean }
  | { readonly from: 'manifest' }
  | { readonly from: 'controllers' }
  | { readonly from: 'list'; readonly routes: readonly HttpRoute[] };

/** The gateway manifest that declares the methods and, depending on the options, the routes. */
export interface GatewayManifestSource {
  readonly path: string;
  /** What to do if the manifest declares other methods than the server serves. */
  readonly mismatch: 'error' | 'warn';
}

/** What the options say about a service, and where the module reads the rest. */
export interface ServiceSource {
  /** Without `serverPort` if the module must read it from the bound server. */
  readonly identity: Omit<ServiceNodeIdentity, 'serverPort'> & { readonly serverPort?: number };
  /** The port to register, whatever the server listens on; absent if the options do not give it. */
  readonly serverPort?: number;
  /** Absent if the module must read the methods from the server. */
  readonly methods?: readonly string[];
  /** Whether the module also registers the methods of gRPC's own services that it reads. */
  readonly announceInfrastructure: boolean;
  /** The options that the gRPC server was created with. */
  readonly grpc?: GrpcOptions['options'];
  readonly httpRoutes: HttpRouteSource;
  readonly gatewayManifest?: GatewayManifestSource;
}
