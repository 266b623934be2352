import { GATEWAY_MANIFEST_PATH } from '../service/manifest/gateway-manifest.js';
import { checkHttpRoutes } from '../service/routes/check-http-routes.js';
import type { GatewayManifestSource, HttpRouteSource, ServiceSource } from '../service/service-source.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

const NO_ROUTES: HttpRouteSource = { from: 'list', routes: [] };

/**
 * Completes where routes, and the methods of a manifest, come from, with options without a fault.
 */
export function completeHttpRoutes(
  options: SidecarAgentOptions,
): Pick<ServiceSource, 'httpRoutes' | 'gatewayManifest'> {
  const gatewayManifest = manifestOf(options);
  return { httpRoutes: routesOf(options, gatewayManifest), gatewayManifest };
}

function manifestOf(options: SidecarAgentOptions): GatewayManifestSource | undefined {
  const byDefault = options.httpRoutes === 'manifest' ? GATEWAY_MANIFEST_PATH : undefined;
  const path = options.gatewayManifestPath ?? byDefault;
  return path === undefined ? undefined : { path, mismatch: options.manifestMismatch ?? 'error' };
}

function routesOf(
  { httpRoutes, protocol, methods }: SidecarAgentOptions,
  gatewayManifest: GatewayManifestSource | undefined,
): HttpRouteSource {
  if (httpRoutes === false) return NO_ROUTES;
  if (typeof httpRoutes === 'object') return { from: 'list', routes: checkHttpRoutes(httpRoutes).routes };
  if (gatewayManifest) return { from: 'manifest' };
  if (protocol === 'http') return { from: 'controllers' };
  // Methods that are given, not found by reflection, have no protos to read annotations from.
  if (methods) return NO_ROUTES;
  return { from: 'annotations', required: httpRoutes === 'annotations' };
}
