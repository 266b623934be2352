import type { HttpRoute } from './http-route.js';

/** A route with the field names of the wire, in their order; what it does not have is left out of the JSON. */
export function encodeHttpRoute(route: HttpRoute): object {
  const { httpMethod, path } = route;
  if (route.fullMethod !== undefined) {
    return { http_method: httpMethod, path, full_method: route.fullMethod };
  }
  return {
    http_method: httpMethod,
    path,
    upstream_path: route.upstreamPath,
    strip_prefix: route.stripPrefix || undefined,
  };
}
