import { shown } from '../../support/text/describe-value.js';
import { FULL_METHOD, FULL_METHOD_EXPECTED } from '../full-method.js';
import type { HttpRoute, ProxyRoute, TranscodingRoute } from './http-route.js';

/** A fault of one property of a route. */
export interface RoutePropertyFault {
  /** The property at fault. */
  readonly field: keyof TranscodingRoute | keyof ProxyRoute;
  /** What is wrong with it, and its value. */
  readonly message: string;
}

/**
 * The characters that HTTP allows in a method (RFC 9110, 5.6.2). `*` is any method in
 * google.api.http.
 */
const HTTP_METHOD = /^[\w!#$%&'*+.^`|~-]+$/;
const UPSTREAM_PATH = /^\/[^\s?#]*$/;
/** The variables of a template. */
const VARIABLES = /\{[^{}\s]*\}/g;
/** What no path holds as it is (RFC 3986, 3.3): all but `pchar`, and `%` that encodes nothing. */
const NOT_IN_PATH = /%(?![\da-f]{2})|[^\w.~!$&'()*+,;=:@%/-]/i;

/** Finds what is wrong with a route, apart from the other routes. */
export function httpRouteFaults(route: HttpRoute): RoutePropertyFault[] {
  return [...methodAndPathFaults(route), ...proxyFaults(route)];
}

function methodAndPathFaults({ httpMethod, path, fullMethod }: HttpRoute): RoutePropertyFault[] {
  return present([
    !HTTP_METHOD.test(httpMethod) && {
      field: 'httpMethod',
      message: `must be an HTTP method such as "GET", got ${shown(httpMethod)}`,
    },
    !path.startsWith('/') && {
      field: 'path',
      message: `must start with "/", got ${shown(path)}`,
    },
    path.startsWith('/') && unencodedFault('path', path),
    fullMethod !== undefined &&
      !FULL_METHOD.test(fullMethod) && {
        field: 'fullMethod',
        message: `${FULL_METHOD_EXPECTED}, got ${shown(fullMethod)}`,
      },
  ]);
}

function proxyFaults(route: HttpRoute): RoutePropertyFault[] {
  const { fullMethod } = route;
  const { upstreamPath, stripPrefix = false } = route as ProxyRoute;
  return present([
    upstreamPath !== undefined &&
      !UPSTREAM_PATH.test(upstreamPath) && {
        field: 'upstreamPath',
        message: `must start with "/" and have no white space, "?" or "#", got ${shown(upstreamPath)}`,
      },
    upstreamPath !== undefined &&
      UPSTREAM_PATH.test(upstreamPath) &&
      unencodedFault('upstreamPath', upstreamPath),
    upstreamPath !== undefined &&
      fullMethod !== undefined && {
        field: 'upstreamPath',
        message: `cannot be combined with a gRPC method, got ${shown(upstreamPath)} and ${shown(fullMethod)}`,
      },
    stripPrefix &&
      fullMethod !== undefined && {
        field: 'stripPrefix',
        message: `cannot be combined with a gRPC method, got true and ${shown(fullMethod)}`,
      },
    stripPrefix &&
      upstreamPath !== undefined && {
        field: 'stripPrefix',
        message: `cannot be combined with an upstream path, got true and ${shown(upstreamPath)}`,
      },
  ]);
}

/** Gateways compare paths as HTTP carries them. */
function unencodedFault(field: 'path' | 'upstreamPath', path: string): RoutePropertyFault | false {
  const [found] = NOT_IN_PATH.exec(path.replace(VARIABLES, '')) ?? [];
  if (found === undefined) return false;
  const message = `must be percent-encoded as RFC 3986 says, got ${shown(path)} with ${shown(found)}`;
  return { field, message };
}

function present(faults: readonly (RoutePropertyFault | false)[]): RoutePropertyFault[] {
  return faults.filter((fault) => fault !== false);
}
