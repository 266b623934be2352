import { HttpRoutesError } from '../../errors/http-routes.error.js';
import { readHttpRules } from './google-http-rules.js';
import type { HttpRoute } from './http-route.js';
import { strayRoutes } from './stray-routes.js';

/**
 * The routes that the annotations of served rpcs declare.
 *
 * @param rules the annotations, by the method's full path
 * @throws HttpRoutesError where they break a rule, or there are none and they are required
 */
export function annotatedRoutes(
  rules: ReadonlyMap<string, unknown>,
  { required }: { readonly required: boolean },
): readonly HttpRoute[] {
  if (required && rules.size === 0) {
    throw new HttpRoutesError(
      ['no rpc that is served has a google.api.http option in its proto, and httpRoutes is "annotations"'],
      'Annotate an rpc, or leave httpRoutes out: then routes are announced where there are any.',
    );
  }
  const { routes, faults } = readHttpRules(rules);
  if (faults.length > 0) {
    throw new HttpRoutesError(faults, 'Put the protos right, or announce no routes with httpRoutes: false.');
  }
  return routes;
}

/**
 * The routes of the option `httpRoutes`, as they are.
 *
 * @param methods what is announced
 * @throws HttpRoutesError where one leads to a method that is not among them
 */
export function listedRoutes(routes: readonly HttpRoute[], methods: readonly string[]): readonly HttpRoute[] {
  const faults = strayRoutes(routes, methods).map((stray) => `${stray}, which is not served`);
  if (faults.length > 0) {
    throw new HttpRoutesError(
      faults,
      `Put the option httpRoutes right. Served are ${methods.join(', ') || 'none'}.`,
    );
  }
  return routes;
}
