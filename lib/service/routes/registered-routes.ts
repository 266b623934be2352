import { HttpRoutesError } from '../../errors/http-routes.error.js';
import { readHttpRules } from './google-http-rules.js';
import type { HttpRoute } from './http-route.js';

/**
 * Returns the routes to register that the annotations of served rpcs declare.
 *
 * @param rules the annotations, by the full path of the method
 * @throws {HttpRoutesError} if they have faults, or if there are none and `required` is true
 */
export function routesOfAnnotations(
  rules: ReadonlyMap<string, unknown>,
  { required }: { readonly required: boolean },
): readonly HttpRoute[] {
  if (required && rules.size === 0) {
    throw new HttpRoutesError(
      ['httpRoutes is "annotations", but no served rpc has a google.api.http option in its proto'],
      'Annotate an rpc, or leave httpRoutes out: then the module registers routes only if there are any.',
    );
  }
  const { routes, faults } = readHttpRules(rules);
  if (faults.length > 0) {
    throw new HttpRoutesError(
      faults,
      'Correct the .proto files, or register no routes with httpRoutes: false.',
    );
  }
  return routes;
}

/**
 * Returns the routes to register that the option `httpRoutes` lists.
 *
 * @param methods the methods to register
 * @throws {HttpRoutesError} if a route leads to a method that is not among them
 */
export function routesOfList(routes: readonly HttpRoute[], methods: readonly string[]): readonly HttpRoute[] {
  const faults = describeStrayRoutes(routes, methods).map((stray) => `${stray}, which is not served`);
  if (faults.length > 0) {
    const served = methods.join(', ') || 'none';
    throw new HttpRoutesError(faults, `Correct the option httpRoutes. Served methods: ${served}.`);
  }
  return routes;
}

/** Describes every route that leads to a gRPC method which is not among `methods`. */
export function describeStrayRoutes(routes: readonly HttpRoute[], methods: readonly string[]): string[] {
  const known = new Set(methods);
  return routes.flatMap(({ httpMethod, path, fullMethod }) =>
    fullMethod === undefined || known.has(fullMethod) ? [] : [`${httpMethod} ${path} leads to ${fullMethod}`],
  );
}
