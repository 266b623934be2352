import { GatewayManifestError } from '../../errors/gateway-manifest.error.js';
import { duplicateKeys, syntaxFault } from '../../support/json/json-faults.js';
import { sortUnique } from '../../support/text/sort-unique.js';
import { checkHttpRoutes } from '../routes/check-http-routes.js';
import type { HttpRoute } from '../routes/http-route.js';
import type { GatewayManifest, GatewayManifestService } from './gateway-manifest.js';
import { routeSchema, serviceSchema, shapeFaults } from './gateway-manifest.schema.js';
import {
  duplicateServiceFaults,
  routeFaults,
  serviceFaults,
  undeclaredMethodFaults,
} from './manifest-faults.js';
import { type Placed, type RouteEntry, type ServiceEntry, wellTypedEntries } from './well-typed-entries.js';

/**
 * Reads the text of a gateway manifest, with or without a byte order mark.
 *
 * @param file the path that an error names
 * @throws {GatewayManifestError} that lists every fault
 */
export function parseGatewayManifest(text: string, file: string): GatewayManifest {
  const json = text.replace(/^\uFEFF/, '');
  const value = parseJson(json, file);
  const services = wellTypedEntries(value, 'services', serviceSchema);
  const routes = wellTypedEntries(value, 'routes', routeSchema);
  const checked = checkHttpRoutes(routes.entries.map(({ entry }) => toHttpRoute(entry)));
  const faults = [
    ...duplicateKeys(json),
    ...shapeFaults(value),
    ...services.entries.flatMap(serviceFaults),
    ...duplicateServiceFaults(services.entries),
    ...routeFaults(checked.faults, routes.entries),
    ...(services.isWhole ? undeclaredMethodFaults(routes.entries, services.entries) : []),
  ];
  if (faults.length > 0) throw new GatewayManifestError(file, faults);
  return Object.freeze({ services: sortServices(services.entries), routes: checked.routes });
}

function parseJson(json: string, file: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    // The error of JSON.parse must not be the cause: its message quotes the text, which may hold
    // secrets.
    throw new GatewayManifestError(file, [{ path: '', message: syntaxFault(json) }]);
  }
}

function toHttpRoute(route: RouteEntry): HttpRoute {
  return {
    httpMethod: route.http_method,
    path: route.path,
    fullMethod: route.full_method,
    upstreamPath: route.upstream_path,
    stripPrefix: route.strip_prefix,
  };
}

function sortServices(services: readonly Placed<ServiceEntry>[]): readonly GatewayManifestService[] {
  return Object.freeze(
    services
      .map(({ entry: { name, methods } }) =>
        Object.freeze({ name, methods: Object.freeze(sortUnique(methods)) }),
      )
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  );
}
