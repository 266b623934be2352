import { shown } from '../../support/text/describe-value.js';
import type { HttpRoute, ProxyRoute } from './http-route.js';
import { httpRouteFaults, type RoutePropertyFault } from './http-route-faults.js';

/** A fault of one route of a list. */
export interface HttpRouteFault extends RoutePropertyFault {
  /** The index of the route in the list. */
  readonly index: number;
}

/** The result of checking a list of routes. */
export interface HttpRouteCheck {
  /**
   * The routes as they are registered: methods in upper case, sorted, frozen. Valid if there are no
   * faults.
   */
  readonly routes: readonly HttpRoute[];
  /** Every fault, in the order of the list. */
  readonly faults: readonly HttpRouteFault[];
}

/**
 * Checks the routes of one registration, and sorts them as they are registered. It does not check
 * whether the service serves the gRPC methods that they lead to.
 *
 * @param routes in any order; their properties must have the right types
 */
export function checkHttpRoutes(routes: readonly HttpRoute[]): HttpRouteCheck {
  const given = routes.map(normalize);
  const mixed = given.findIndex((route) => kindOf(route) !== kindOf(given[0] ?? route));
  const names = new Set<string>();
  const faults = given.flatMap((route, index): HttpRouteFault[] => {
    const name = `${route.httpMethod} ${route.path}`;
    const isDuplicate = names.has(name);
    names.add(name);
    return [
      ...httpRouteFaults(route).map((fault) => ({ index, ...fault })),
      ...(index === mixed ? [{ index, field: 'fullMethod', message: describeMixed(route) } as const] : []),
      ...(isDuplicate ? [{ index, field: 'path', message: `duplicate route ${shown(name)}` } as const] : []),
    ];
  });
  return { routes: Object.freeze(given.sort(compare)), faults };
}

function normalize({ httpMethod, path, fullMethod, ...upstream }: HttpRoute): HttpRoute {
  const route = { httpMethod: httpMethod.toUpperCase(), path };
  const { upstreamPath, stripPrefix } = upstream as ProxyRoute;
  const proxy = { ...(upstreamPath !== undefined && { upstreamPath }), ...(stripPrefix && { stripPrefix }) };
  // A transcoding route keeps the properties that it must not have, so that the check finds them.
  return Object.freeze({ ...route, ...(fullMethod !== undefined && { fullMethod }), ...proxy });
}

function kindOf({ fullMethod }: HttpRoute): 'proxy' | 'transcoding' {
  return fullMethod === undefined ? 'proxy' : 'transcoding';
}

function describeMixed(route: HttpRoute): string {
  return kindOf(route) === 'proxy'
    ? 'is required: all routes must be of one kind, and the first is a transcoding route'
    : 'must be left out: all routes must be of one kind, and the first is a proxy route';
}

function compare(one: HttpRoute, other: HttpRoute): number {
  const [left, right] = [sortKey(one), sortKey(other)];
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing < 0 ? 0 : (left[differing] ?? '') < (right[differing] ?? '') ? -1 : 1;
}

function sortKey(route: HttpRoute): string[] {
  const { upstreamPath = '', stripPrefix = false } = route as ProxyRoute;
  return [route.httpMethod, route.path, route.fullMethod ?? '', upstreamPath, stripPrefix ? '1' : '0'];
}
