import type { OptionFault } from '../errors/invalid-options.error.js';
import { GATEWAY_MANIFEST_PATH } from '../service/manifest/gateway-manifest.js';
import { checkListedRoutes } from '../service/routes/check-listed-routes.js';
import type { GatewayManifestSource, HttpRouteSource } from '../service/service-source.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/** What the options say of HTTP routes. */
export interface ResolvedHttpRoutes {
  readonly httpRoutes: HttpRouteSource;
  readonly gatewayManifest?: GatewayManifestSource;
}

const NONE: HttpRouteSource = { from: 'list', routes: [] };

/**
 * Says where the methods' manifest and the routes come from.
 *
 * @param faults what is wrong with it is added here
 */
export function resolveHttpRoutes(options: SidecarAgentOptions, faults: OptionFault[]): ResolvedHttpRoutes {
  const { httpRoutes, gatewayManifestPath, protocol = 'grpc', methods } = options;
  faults.push(...contradictions(options));
  const path = gatewayManifestPath ?? (httpRoutes === 'manifest' ? GATEWAY_MANIFEST_PATH : undefined);
  const gatewayManifest =
    path === undefined ? undefined : { path, mismatch: options.manifestMismatch ?? 'error' };
  if (Array.isArray(httpRoutes)) {
    const routes = checkListedRoutes(httpRoutes, protocol, faults);
    return { httpRoutes: { from: 'list', routes }, gatewayManifest };
  }
  if (httpRoutes === false) return { httpRoutes: NONE, gatewayManifest };
  if (gatewayManifest) return { httpRoutes: { from: 'manifest' }, gatewayManifest };
  if (protocol === 'http') return { httpRoutes: { from: 'controllers' } };
  if (methods) return { httpRoutes: NONE };
  return { httpRoutes: { from: 'annotations', required: httpRoutes === 'annotations' } };
}

function contradictions(options: SidecarAgentOptions): OptionFault[] {
  const { httpRoutes, gatewayManifestPath, manifestMismatch, protocol, methods } = options;
  const readsManifest = gatewayManifestPath !== undefined || httpRoutes === 'manifest';
  const culprit = gatewayManifestPath === undefined ? 'httpRoutes' : 'gatewayManifestPath';
  const found: (OptionFault | false)[] = [
    !readsManifest &&
      manifestMismatch !== undefined && {
        path: 'manifestMismatch',
        message:
          'means nothing without a gateway manifest: give gatewayManifestPath or httpRoutes: "manifest", or leave it out',
      },
    readsManifest &&
      methods !== undefined && {
        path: culprit,
        message: 'must not stand beside methods: a gateway manifest says which methods are announced',
      },
    readsManifest &&
      protocol === 'http' && {
        path: culprit,
        message: 'is for gRPC services: a gateway manifest declares gRPC methods',
      },
    gatewayManifestPath !== undefined &&
      (httpRoutes === 'annotations' || Array.isArray(httpRoutes)) && {
        path: 'httpRoutes',
        message: 'must be "manifest", false or left out beside gatewayManifestPath',
      },
    httpRoutes === 'annotations' &&
      methods !== undefined && {
        path: 'httpRoutes',
        message:
          'must not be "annotations" beside methods: annotations are read of the rpcs that reflection finds',
      },
    httpRoutes === 'annotations' &&
      protocol === 'http' && {
        path: 'httpRoutes',
        message: 'must not be "annotations" for an http service, which has no protos',
      },
  ];
  return found.filter((fault) => fault !== false);
}
