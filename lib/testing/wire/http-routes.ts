import * as v from 'valibot';

import type { HttpRoute } from '../../service/routes/http-route.js';
import { isRecord } from '../../support/shape.js';

const string = v.nullish(v.string('must be a string'));

const wireRoute = v.object({
  http_method: string,
  path: string,
  full_method: string,
  upstream_path: string,
  strip_prefix: v.nullish(v.boolean('must be a boolean')),
});

/** The routes of an HTTP gateway, none if the field is left out. */
export const httpRoutes = v.optional(
  v.array(
    v.pipe(v.custom<object>(isRecord, 'must be an object'), wireRoute, v.transform(toRoute)),
    'must be an array',
  ),
  [],
);

/**
 * Judges routes as an agent does. The rules are its own and not those of `lib/service`, so that it
 * finds what a client gets wrong.
 *
 * @param methods the methods of the same register, which transcoding routes lead to
 */
export function httpRouteFaults(routes: readonly HttpRoute[], methods: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return routes.flatMap((route, index) => {
    const name = `${route.httpMethod} ${route.path}`;
    const faults = routeFaults(route, methods);
    if ((route.fullMethod === undefined) !== (routes[0]?.fullMethod === undefined)) {
      faults.push('is of another sort than the first: transcoding and proxy routes do not mix');
    }
    if (seen.has(name)) faults.push(`repeats ${name}`);
    seen.add(name);
    return faults.map((fault) => `http_routes[${index}] ${fault}`);
  });
}

function routeFaults(
  { httpMethod, path, fullMethod, ...upstream }: HttpRoute,
  methods: readonly string[],
): string[] {
  const { upstreamPath, stripPrefix } = upstream as { upstreamPath?: string; stripPrefix?: boolean };
  const faults: (string | false)[] = [
    !/^[^\sa-z]+$/.test(httpMethod) && `has no http_method in upper case: ${JSON.stringify(httpMethod)}`,
    !path.startsWith('/') && `path is invalid: ${JSON.stringify(path)}, expected a leading /`,
    fullMethod !== undefined &&
      !methods.includes(fullMethod) &&
      `full_method ${JSON.stringify(fullMethod)} is not among the methods`,
    fullMethod !== undefined &&
      (upstreamPath !== undefined || stripPrefix === true) &&
      'has a full_method, and so neither upstream_path nor strip_prefix',
    upstreamPath !== undefined &&
      !/^\/[^\s?#]*$/.test(upstreamPath) &&
      `upstream_path is invalid: ${JSON.stringify(upstreamPath)}`,
    upstreamPath !== undefined && stripPrefix === true && 'has both upstream_path and strip_prefix',
  ];
  return faults.filter((fault) => fault !== false);
}

/** Leaves out what Go's decoder reads as left out: `""` and `false`. */
function toRoute(route: v.InferOutput<typeof wireRoute>): HttpRoute {
  const { http_method, path, full_method, upstream_path, strip_prefix } = route;
  return Object.freeze({
    httpMethod: http_method ?? '',
    path: path ?? '',
    ...(full_method && { fullMethod: full_method }),
    ...(upstream_path && { upstreamPath: upstream_path }),
    ...(strip_prefix && { stripPrefix: true }),
  });
}
