import type { HttpRoute } from '../../service/routes/http-route.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** The routes of a register that could be read, and what is wrong with the others. */
export interface ReadHttpRoutes {
  readonly routes: readonly HttpRoute[];
  /** Fields of another type than the wire says. */
  readonly mistyped: readonly string[];
  /** Fields of the right type that break a rule. */
  readonly invalid: readonly string[];
}

const TYPES = {
  http_method: 'string',
  path: 'string',
  full_method: 'string',
  upstream_path: 'string',
  strip_prefix: 'boolean',
} as const;

/**
 * Judges the `http_routes` of a register as an agent does, by rules of its own: it is there to find what a client gets wrong.
 *
 * @param methods the methods of the same register: what a transcoding route leads to is one of them
 */
export function readHttpRoutes(value: unknown, methods: readonly string[]): ReadHttpRoutes {
  if (value === undefined || value === null) return { routes: [], mistyped: [], invalid: [] };
  if (!Array.isArray(value)) return { routes: [], mistyped: ['http_routes must be an array'], invalid: [] };
  const mistyped = value.flatMap((route: unknown, index) => typeFaults(route, `http_routes[${index}]`));
  if (mistyped.length > 0) return { routes: [], mistyped, invalid: [] };
  const routes = (value as JsonObject[]).map(toRoute);
  const seen = new Set<string>();
  const invalid = routes.flatMap((route, index) => {
    const name = `${route.httpMethod} ${route.path}`;
    const faults = routeFaults(route, methods);
    if ((route.fullMethod === undefined) !== (routes[0]?.fullMethod === undefined)) {
      faults.push('is of another sort than the first: transcoding and proxy routes do not mix');
    }
    if (seen.has(name)) faults.push(`repeats ${name}`);
    seen.add(name);
    return faults.map((fault) => `http_routes[${index}] ${fault}`);
  });
  return { routes: Object.freeze(routes), mistyped, invalid };
}

function typeFaults(route: unknown, path: string): string[] {
  if (typeof route !== 'object' || route === null || Array.isArray(route))
    return [`${path} must be an object`];
  return Object.entries(TYPES).flatMap(([name, type]) => {
    const field: unknown = Reflect.get(route, name) ?? undefined;
    return field === undefined || typeof field === type ? [] : [`${path}.${name} must be a ${type}`];
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

/** What Go reads as left out is left out. */
function toRoute(route: JsonObject): HttpRoute {
  const text = (name: string) => (route[name] as string | null | undefined) || undefined;
  return Object.freeze({
    httpMethod: text('http_method') ?? '',
    path: text('path') ?? '',
    ...(text('full_method') !== undefined && { fullMethod: text('full_method') }),
    ...(text('upstream_path') !== undefined && { upstreamPath: text('upstream_path') }),
    ...(route.strip_prefix === true && { stripPrefix: true }),
  });
}
