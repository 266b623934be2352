/** A route by which an HTTP gateway turns an HTTP call into a gRPC call. */
export interface TranscodingRoute {
  /** The HTTP method: `GET`, `PUT`, `POST`, `DELETE`, `PATCH` or a custom verb, in upper case. */
  readonly httpMethod: string;
  /** The path or path template, as the proto has it: `/v1/users/{id}`. It starts with `/`. */
  readonly path: string;
  /** The full path of the gRPC method that the gateway calls: `/acme.auth.v1.AuthService/Login`. */
  readonly fullMethod: string;
}

/** A route by which an HTTP gateway forwards an HTTP call as it is. */
export interface ProxyRoute {
  /** The HTTP method: `GET`, `PUT`, `POST`, `DELETE`, `PATCH` or a custom verb, in upper case. */
  readonly httpMethod: string;
  /** The path that callers use. It starts with `/`. */
  readonly path: string;
  readonly fullMethod?: undefined;
  /**
   * The path that the gateway calls on the service. It starts with `/` and has no white space, `?`
   * or `#`. Cannot be combined with `stripPrefix`.
   *
   * @default the same as `path`
   */
  readonly upstreamPath?: string;
  /**
   * Whether the gateway removes its own prefix from the path. Cannot be combined with
   * `upstreamPath`.
   *
   * @default false
   */
  readonly stripPrefix?: boolean;
}

/**
 * A route of an HTTP gateway. The routes of one service must all be of one kind: transcoding or
 * proxy.
 */
export type HttpRoute = TranscodingRoute | ProxyRoute;
