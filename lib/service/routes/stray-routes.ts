import type { HttpRoute } from './http-route.js';

/** The routes that lead to a gRPC method which is not among those given, each in words. */
export function strayRoutes(routes: readonly HttpRoute[], methods: readonly string[]): string[] {
  const known = new Set(methods);
  return routes.flatMap(({ httpMethod, path, fullMethod }) =>
    fullMethod === undefined || known.has(fullMethod) ? [] : [`${httpMethod} ${path} leads to ${fullMethod}`],
  );
}
