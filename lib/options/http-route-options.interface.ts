import type { HttpRoute } from '../service/routes/http-route.js';

/** The options that decide which routes of an HTTP gateway lead to the service. */
export interface HttpRouteOptions {
  /**
   * The source of the service's routes. Agents of the `flat` dialect take no routes, and get none.
   *
   * - `'annotations'`: the `google.api.http` annotations of the rpcs that are served. The start
   *   fails if there are none.
   * - `'manifest'`: the gateway manifest. Only for a gRPC service, and not together with `methods`.
   * - `false`: no routes.
   * - A list: these routes, all transcoding routes or all proxy routes. For an `http` service they
   *   are proxy routes. The gRPC methods that they lead to must be served.
   * @default `'manifest'` if `gatewayManifestPath` is given; for an `http` service the routes of
   *   its controllers; no routes if `methods` is given; otherwise the annotations, if there are any
   */
  httpRoutes?: 'annotations' | 'manifest' | false | readonly HttpRoute[];
  /**
   * The path of a gateway manifest (`firefly.gateway.manifest.v1`), absolute or relative to the
   * working directory. The module takes the methods from it, and the routes unless `httpRoutes` is
   * `false`. It reads the file when the server is bound. `npx nestjs-sidecar-agent manifest` writes
   * one.
   * @default `'dep/protobuf/gen/gateway.manifest.json'` if `httpRoutes` is `'manifest'`; otherwise
   *   there is no manifest
   */
  gatewayManifestPath?: string;
  /**
   * What happens if the gateway manifest declares other methods than the server serves. `'error'`
   * fails the start. `'warn'` logs a warning and registers what the manifest declares. It cannot be
   * given without a manifest.
   * @default 'error'
   */
  manifestMismatch?: 'error' | 'warn';
}
