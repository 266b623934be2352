import * as v from 'valibot';
import { GatewayManifestError, type GatewayManifestFault } from '../../errors/gateway-manifest.error.js';
import { shown } from '../../support/text/describe-value.js';
import { syntaxFault } from '../../support/text/syntax-fault.js';
import { checkHttpRoutes, type HttpRouteFault } from '../routes/check-http-routes.js';
import { FULL_METHOD } from '../full-method.js';
import type { HttpRoute } from '../routes/http-route.js';
import type { GatewayManifest, GatewayManifestService } from './gateway-manifest.js';
import { routeSchema, serviceSchema, shapeFaults } from './gateway-manifest.schema.js';
import { repeatedKeys } from './repeated-keys.js';

const WIRE_NAMES: Readonly<Record<HttpRouteFault['field'], string>> = {
  httpMethod: 'http_method',
  path: 'path',
  fullMethod: 'full_method',
  upstreamPath: 'upstream_path',
  stripPrefix: 'strip_prefix',
};

/**
 * Reads the text of a gateway manifest, with or without a byte order mark.
 *
 * @param file the path that an error names
 * @throws GatewayManifestError with everything that breaks a rule
 */
export function parseGatewayManifest(text: string, file: string): GatewayManifest {
  const json = text.replace(/^\uFEFF/, '');
  const value = parseJson(json, file);
  const services = wellTyped(value, 'services', serviceSchema);
  const routes = wellTyped(value, 'routes', routeSchema);
  const checked = checkHttpRoutes(routes.entries.map(({ entry }) => toHttpRoute(entry)));
  const faults = [
    ...repeatedKeys(json).map((path) => ({ path, message: 'stands there twice' })),
    ...shapeFaults(value),
    ...services.entries.flatMap(({ entry, index }) => serviceFaults(entry, `services[${index}]`)),
    ...repeatedNames(services.entries),
    ...checked.faults.map(({ index, field, message }) => ({
      path: `routes[${routes.entries[index]?.index}].${WIRE_NAMES[field]}`,
      message,
    })),
    ...(services.isWhole ? undeclaredMethods(routes.entries, services.entries) : []),
  ];
  if (faults.length > 0) throw new GatewayManifestError(file, faults);
  return Object.freeze({ services: collapse(services.entries), routes: checked.routes });
}

function parseJson(json: string, file: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (thrown) {
    throw new GatewayManifestError(file, [{ path: '', message: syntaxFault(json, thrown) }]);
  }
}

type Service = v.InferOutput<typeof serviceSchema>;
type Route = v.InferOutput<typeof routeSchema>;

/** An entry of a list, and its place there. */
interface Placed<T> {
  readonly entry: T;
  readonly index: number;
}

/** The entries of a list that have the right types: what can be checked further, whatever is wrong with the others. */
function wellTyped<Schema extends v.GenericSchema>(
  value: unknown,
  list: 'services' | 'routes',
  schema: Schema,
): { readonly entries: Placed<v.InferOutput<Schema>>[]; readonly isWhole: boolean } {
  const given: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, list) : undefined;
  if (!Array.isArray(given)) return { entries: [], isWhole: false };
  const entries = given.flatMap((each: unknown, index) => {
    const { success, output } = v.safeParse(schema, each);
    return success ? [{ entry: output, index }] : [];
  });
  return { entries, isWhole: entries.length === given.length };
}

function serviceFaults({ name, methods }: Service, path: string): GatewayManifestFault[] {
  if (name.trim() === '')
    return [{ path: `${path}.name`, message: `must not be blank, like ${shown(name)}` }];
  if (methods.length === 0)
    return [{ path: `${path}.methods`, message: `must not be empty, as that of ${shown(name)} is` }];
  return methods.flatMap((method, index) => {
    if (method.startsWith(`/${name}/`) && FULL_METHOD.test(method)) return [];
    return [
      {
        path: `${path}.methods[${index}]`,
        message: `must look like "/${name}/Method", unlike ${shown(method)}`,
      },
    ];
  });
}

function repeatedNames(services: readonly Placed<Service>[]): GatewayManifestFault[] {
  const names = new Set<string>();
  return services.flatMap(({ entry: { name }, index }) => {
    const isRepeat = names.has(name);
    names.add(name);
    return isRepeat
      ? [{ path: `services[${index}].name`, message: `${shown(name)} is a service already` }]
      : [];
  });
}

function undeclaredMethods(
  routes: readonly Placed<Route>[],
  services: readonly Placed<Service>[],
): GatewayManifestFault[] {
  const declared = new Set(services.flatMap(({ entry }) => entry.methods));
  return routes.flatMap(({ entry: { full_method: method }, index }) => {
    if (method === undefined || declared.has(method)) return [];
    return [
      {
        path: `routes[${index}].full_method`,
        message: `${shown(method)} is no method of the services above`,
      },
    ];
  });
}

function toHttpRoute(route: Route): HttpRoute {
  return {
    httpMethod: route.http_method,
    path: route.path,
    fullMethod: route.full_method,
    upstreamPath: route.upstream_path,
    stripPrefix: route.strip_prefix,
  };
}

function collapse(services: readonly Placed<Service>[]): readonly GatewayManifestService[] {
  return Object.freeze(
    services
      .map(({ entry: { name, methods } }) =>
        Object.freeze({ name, methods: Object.freeze([...new Set(methods)].sort()) }),
      )
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  );
}
