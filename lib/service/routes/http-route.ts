/** A route of an HTTP gateway that turns an HTTP call into a gRPC call. */
export interface TranscodingRoute {
  /** `GET`, `PUT`, `POST`, `DELETE`, `PATCH`, or a custom verb; upper case. */
  readonly httpMethod: string;
  /** The path, or path template, as it is written in the proto: `/v1/users/{id}`. */
  readonly path: string;
  /** The gRPC method it leads to: `/acme.auth.v1.AuthService/Login`. */
  readonly fullMethod: string;
}

/** A route of an HTTP gateway that passes an HTTP call on as it is. */
export interface ProxyRoute {
  /** `GET`, `PUT`, `POST`, `DELETE`, `PATCH`, or a custom verb; upper case. */
  readonly httpMethod: string;
  /** The path as callers write it; it starts with `/`. */
  readonly path: string;
  readonly fullMethod?: undefined;
  /** The path under which the service has it: starts with `/`, without white space, `?` or `#`. Never with `stripPrefix`. */
  readonly upstreamPath?: string;
  /** Whether the gateway takes its own prefix off the path. Never with `upstreamPath`. */
  readonly stripPrefix?: boolean;
}

/** A route of an HTTP gateway. The routes of one registration are all of one sort. */
export type HttpRoute = TranscodingRoute | ProxyRoute;
