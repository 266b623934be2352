import type { OptionFault } from '../../errors/invalid-options.error.js';
import { checkHttpRoutes } from './check-http-routes.js';
import type { HttpRoute } from './http-route.js';
import { routesSchema } from '../service.schema.js';
import { schemaFaults } from '../../support/schema/schema-faults.js';

/**
 * Checks a list of routes, and puts it in the order in which it is announced.
 *
 * @param faults what is wrong with it is added here
 */
export function checkedRoutes(
  routes: readonly HttpRoute[],
  protocol: 'grpc' | 'http',
  faults: OptionFault[],
): readonly HttpRoute[] {
  const mistyped = schemaFaults(routesSchema, routes, {
    whole: 'httpRoutes',
    above: 'httpRoutes.',
    unknown: 'is no property of a route',
  });
  if (mistyped.length > 0) {
    faults.push(...mistyped);
    return [];
  }
  const checked = checkHttpRoutes(routes);
  faults.push(
    ...checked.faults.map(({ index, field, message }) => ({ path: `httpRoutes.${index}.${field}`, message })),
  );
  if (protocol === 'http') faults.push(...transcodingFaults(routes));
  return checked.routes;
}

function transcodingFaults(routes: readonly HttpRoute[]): OptionFault[] {
  return routes.flatMap(({ fullMethod }, index) =>
    fullMethod === undefined
      ? []
      : [
          {
            path: `httpRoutes.${index}.fullMethod`,
            message: 'must be left out for an http service, which has no gRPC methods',
          },
        ],
  );
}
