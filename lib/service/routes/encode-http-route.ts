import type { HttpRoute } from './http-route.js';

/**
 * Returns a route with the field names of the wire, in their order. JSON leaves undefined fields
 * out.
 */
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
