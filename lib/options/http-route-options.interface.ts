import type { HttpRoute } from '../service/routes/http-route.js';

/** What {@link SidecarAgentOptions} says of the routes of an HTTP gateway. */
export interface HttpRouteOptions {
  /**
   * The routes by which an HTTP gateway leads here, for agents of the `node` dialect.
   *
   * - `'annotations'`: those that `google.api.http` declares of the rpcs that are served; none at all is an error
   * - `'manifest'`: those of the gateway manifest
   * - `false`: none
   * - a list: these, all of one sort; what they lead to must be served, and for an `http` service they lead to no gRPC method
   * @default 'manifest' where `gatewayManifestPath` is given, else the annotations where there are any; none where `methods`
   *   is given; for an `http` service those of its controllers
   */
  httpRoutes?: 'annotations' | 'manifest' | false | readonly HttpRoute[];
  /**
   * A gateway manifest (`firefly.gateway.manifest.v1`), absolute or below the working directory, of which the methods and
   * routes are taken; `npx nestjs-sidecar-agent manifest` writes one. It is read when the server is bound.
   * @default 'dep/protobuf/gen/gateway.manifest.json' where `httpRoutes` is `'manifest'`, else none
   */
  gatewayManifestPath?: string;
  /**
   * What a gateway manifest that declares other methods than are served is: an error that fails the start, or a warning,
   * with which all that it declares is announced, and nothing else. Without a manifest it is refused.
   * @default 'error'
   */
  manifestMismatch?: 'error' | 'warn';
}
