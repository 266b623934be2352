import type { OptionFault } from '../../errors/invalid-options.error.js';
import { schemaFaults } from '../../support/schema/schema-faults.js';
import { routesSchema } from '../service.schema.js';
import { checkHttpRoutes } from './check-http-routes.js';
import type { HttpRoute } from './http-route.js';

/**
 * Checks the routes that a user lists in code, and sorts them as they are registered.
 *
 * @param protocol an http service has no gRPC methods that routes could lead to
 * @param faults faults are added to this list
 */
export function checkListedRoutes(
  routes: readonly HttpRoute[],
  protocol: 'grpc' | 'http',
  faults: OptionFault[],
): readonly HttpRoute[] {
  const mistyped = schemaFaults(routesSchema, routes, {
    whole: 'httpRoutes',
    above: 'httpRoutes.',
    unknown: `unknown property: use ${Object.keys(routesSchema.item.entries).join(', ')}`,
  });
  if (mistyped.length > 0) {
    faults.push(...mistyped);
    return [];
  }
  const checked = checkHttpRoutes(routes);
  faults.push(
    ...checked.faults.map(({ index, field, message }) => ({ path: `httpRoutes.${index}.${field}`, message })),
    ...(protocol === 'http' ? transcodingFaults(routes) : []),
  );
  return checked.routes;
}

function transcodingFaults(routes: readonly HttpRoute[]): OptionFault[] {
  const message = 'must be left out for an http service, which has no gRPC methods';
  return routes.flatMap(({ fullMethod }, index) =>
    fullMethod === undefined ? [] : [{ path: `httpRoutes.${index}.fullMethod`, message }],
  );
}
