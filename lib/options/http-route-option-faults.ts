import type { OptionFault } from '../errors/invalid-options.error.js';
import { checkListedRoutes } from '../service/routes/check-listed-routes.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/**
 * Returns the faults of a list of routes, and between the options that say where routes come from.
 */
export function httpRouteOptionFaults(options: SidecarAgentOptions): OptionFault[] {
  const { httpRoutes, protocol = 'grpc' } = options;
  const faults = [...manifestFaults(options), ...annotationFaults(options)];
  if (Array.isArray(httpRoutes)) checkListedRoutes(httpRoutes, protocol, faults);
  return faults;
}

function manifestFaults(options: SidecarAgentOptions): OptionFault[] {
  const { httpRoutes, gatewayManifestPath, manifestMismatch, protocol, methods } = options;
  const faults: OptionFault[] = [];
  if (gatewayManifestPath === undefined && httpRoutes !== 'manifest') {
    if (manifestMismatch !== undefined) {
      faults.push({
        path: 'manifestMismatch',
        message:
          'has no effect without a gateway manifest: give gatewayManifestPath or httpRoutes: "manifest", or leave it out',
      });
    }
    return faults;
  }
  const path = gatewayManifestPath === undefined ? 'httpRoutes' : 'gatewayManifestPath';
  if (methods !== undefined) {
    faults.push({
      path,
      message: 'cannot be combined with methods: the gateway manifest lists the methods to register',
    });
  }
  if (protocol === 'http') {
    faults.push({ path, message: 'is for gRPC services: a gateway manifest declares gRPC methods' });
  }
  if (gatewayManifestPath !== undefined && (httpRoutes === 'annotations' || Array.isArray(httpRoutes))) {
    faults.push({
      path: 'httpRoutes',
      message: 'must be "manifest", false or left out if gatewayManifestPath is given',
    });
  }
  return faults;
}

function annotationFaults({ httpRoutes, protocol, methods }: SidecarAgentOptions): OptionFault[] {
  if (httpRoutes !== 'annotations') return [];
  const faults: OptionFault[] = [];
  if (methods !== undefined) {
    faults.push({
      path: 'httpRoutes',
      message:
        'cannot be "annotations" together with methods: annotations are read from the rpcs that reflection finds',
    });
  }
  if (protocol === 'http') {
    faults.push({
      path: 'httpRoutes',
      message: 'cannot be "annotations" for an http service, which has no protos',
    });
  }
  return faults;
}
