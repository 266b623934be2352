import type { GatewayManifestFault } from '../../errors/gateway-manifest.error.js';
import { shown } from '../../support/text/describe-value.js';
import { FULL_METHOD } from '../full-method.js';
import type { HttpRouteFault } from '../routes/check-http-routes.js';
import type { Placed, RouteEntry, ServiceEntry } from './well-typed-entries.js';

const WIRE_NAMES: Readonly<Record<HttpRouteFault['field'], string>> = {
  httpMethod: 'http_method',
  path: 'path',
  fullMethod: 'full_method',
  upstreamPath: 'upstream_path',
  stripPrefix: 'strip_prefix',
};

/** Finds what is wrong with the name and the methods of one service. */
export function serviceFaults({ entry, index }: Placed<ServiceEntry>): GatewayManifestFault[] {
  const { name, methods } = entry;
  const path = `services[${index}]`;
  if (name.trim() === '') {
    return [{ path: `${path}.name`, message: `must not be blank, got ${shown(name)}` }];
  }
  if (methods.length === 0) {
    const message = `must hold at least one method of ${shown(name)}, got an empty list`;
    return [{ path: `${path}.methods`, message }];
  }
  return methods.flatMap((method, at) => {
    if (method.startsWith(`/${name}/`) && FULL_METHOD.test(method)) return [];
    const message = `must look like "/${name}/Method", got ${shown(method)}`;
    return [{ path: `${path}.methods[${at}]`, message }];
  });
}

/** Finds the services that are declared a second time. */
export function duplicateServiceFaults(services: readonly Placed<ServiceEntry>[]): GatewayManifestFault[] {
  const names = new Set<string>();
  return services.flatMap(({ entry: { name }, index }) => {
    const isDuplicate = names.has(name);
    names.add(name);
    return isDuplicate
      ? [{ path: `services[${index}].name`, message: `duplicate service ${shown(name)}` }]
      : [];
  });
}

/** Words the faults of routes as faults of the manifest's fields. */
export function routeFaults(
  faults: readonly HttpRouteFault[],
  routes: readonly Placed<RouteEntry>[],
): GatewayManifestFault[] {
  return faults.map(({ index, field, message }) => ({
    path: `routes[${routes[index]?.index}].${WIRE_NAMES[field]}`,
    message,
  }));
}

/** Finds the routes to methods that no service of the manifest declares. */
export function undeclaredMethodFaults(
  routes: readonly Placed<RouteEntry>[],
  services: readonly Placed<ServiceEntry>[],
): GatewayManifestFault[] {
  const declared = new Set(services.flatMap(({ entry }) => entry.methods));
  return routes.flatMap(({ entry: { full_method: method }, index }) => {
    if (method === undefined || declared.has(method)) return [];
    const message = `must be a method of the manifest's services, got ${shown(method)}`;
    return [{ path: `routes[${index}].full_method`, message }];
  });
}
