import { shown } from '../../support/text/describe-value.js';
import { FULL_METHOD, FULL_METHOD_EXPECTED } from '../full-method.js';
import type { HttpRoute, ProxyRoute, TranscodingRoute } from './http-route.js';

/** What is wrong with one route of a list. */
export interface HttpRouteFault {
  /** The place of the route in the list. */
  readonly index: number;
  /** The property at fault. */
  readonly field: keyof TranscodingRoute | keyof ProxyRoute;
  /** What is wrong with it, and what it is. */
  readonly message: string;
}

/** A list of routes that was looked through. */
export interface HttpRouteCheck {
  /** As they are announced: methods in upper case, sorted, frozen. Of use only where there is no fault. */
  readonly routes: readonly HttpRoute[];
  /** All of them, in the order of the list. */
  readonly faults: readonly HttpRouteFault[];
}

/** What HTTP allows as the name of a method; `*`, any method of google.api.http, is among it. */
const HTTP_METHOD = /^[\w!#$%&'*+.^`|~-]+$/;
const UPSTREAM_PATH = /^\/[^\s?#]*$/;

/**
 * Checks the routes of one registration and puts them in the order in which they are announced. Whether the gRPC methods
 * they lead to are served is not for this to say.
 *
 * @param routes in any order; the types of their properties are right already
 */
export function checkHttpRoutes(routes: readonly HttpRoute[]): HttpRouteCheck {
  const given = routes.map(normalize);
  const sorts = given.map(sortOf);
  const mixed = sorts.findIndex((sort) => sort !== sorts[0]);
  const names = new Set<string>();
  const faults: HttpRouteFault[] = [];
  for (const [index, route] of given.entries()) {
    const add = (field: HttpRouteFault['field'], message: string) => faults.push({ index, field, message });
    for (const { field, message } of faultsOf(route)) add(field, message);
    if (index === mixed) {
      const makes = route.fullMethod === undefined ? 'is left out, which makes it' : 'makes it';
      add(
        'fullMethod',
        `${makes} a ${sorts[index]} route, and the first one is a ${sorts[0]} route: they do not mix`,
      );
    }
    const name = `${route.httpMethod} ${route.path}`;
    if (names.has(name)) add('path', `${shown(name)} is a route already`);
    names.add(name);
  }
  return { routes: Object.freeze(given.sort(compare)), faults };
}

function normalize({ httpMethod, path, fullMethod, ...upstream }: HttpRoute): HttpRoute {
  const route = { httpMethod: httpMethod.toUpperCase(), path };
  const { upstreamPath, stripPrefix } = upstream as ProxyRoute;
  const proxy = { ...(upstreamPath !== undefined && { upstreamPath }), ...(stripPrefix && { stripPrefix }) };
  // What does not belong to a transcoding route is kept, for the check to find.
  return Object.freeze({ ...route, ...(fullMethod !== undefined && { fullMethod }), ...proxy });
}

type FieldFault = Omit<HttpRouteFault, 'index'>;

function faultsOf(route: HttpRoute): FieldFault[] {
  const { httpMethod, path, fullMethod } = route;
  const { upstreamPath, stripPrefix = false } = route as ProxyRoute;
  const faults: (FieldFault | false)[] = [
    !HTTP_METHOD.test(httpMethod) && {
      field: 'httpMethod',
      message: `must be an HTTP method such as "GET", not ${shown(httpMethod)}`,
    },
    !path.startsWith('/') && { field: 'path', message: `must start with "/", unlike ${shown(path)}` },
    fullMethod !== undefined &&
      !FULL_METHOD.test(fullMethod) && {
        field: 'fullMethod',
        message: `${FULL_METHOD_EXPECTED}, unlike ${shown(fullMethod)}`,
      },
    upstreamPath !== undefined &&
      !UPSTREAM_PATH.test(upstreamPath) && {
        field: 'upstreamPath',
        message: `must start with "/" and have no white space, "?" or "#", unlike ${shown(upstreamPath)}`,
      },
    upstreamPath !== undefined &&
      fullMethod !== undefined && {
        field: 'upstreamPath',
        message: `is for routes without a gRPC method; ${shown(upstreamPath)} stands beside ${shown(fullMethod)}`,
      },
    stripPrefix &&
      fullMethod !== undefined && {
        field: 'stripPrefix',
        message: `is for routes without a gRPC method; true stands beside ${shown(fullMethod)}`,
      },
    stripPrefix &&
      upstreamPath !== undefined && {
        field: 'stripPrefix',
        message: `true and an upstream path, ${shown(upstreamPath)}, exclude each other`,
      },
  ];
  return faults.filter((fault) => fault !== false);
}

function sortOf({ fullMethod }: HttpRoute): 'proxy' | 'transcoding' {
  return fullMethod === undefined ? 'proxy' : 'transcoding';
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
