import { encodeHttpRoute } from '../routes/encode-http-route.js';
import { GATEWAY_MANIFEST_SCHEMA, type GatewayManifest } from './gateway-manifest.js';

/**
 * Writes the text of a manifest file, which `parseGatewayManifest` reads. Equal manifests give
 * equal texts.
 */
export function formatGatewayManifest({ services, routes }: GatewayManifest): string {
  const manifest = {
    schema: GATEWAY_MANIFEST_SCHEMA,
    services: services.map(({ name, methods }) => ({ name, methods })),
    routes: routes.map(encodeHttpRoute),
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
