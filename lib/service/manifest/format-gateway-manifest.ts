import { encodeHttpRoute } from '../routes/encode-http-route.js';
import { GATEWAY_MANIFEST_SCHEMA, type GatewayManifest } from './gateway-manifest.js';

/** The text of a manifest's file: the same for the same manifest, and what `parseGatewayManifest` takes. */
export function formatGatewayManifest({ services, routes }: GatewayManifest): string {
  const manifest = {
    schema: GATEWAY_MANIFEST_SCHEMA,
    services: services.map(({ name, methods }) => ({ name, methods })),
    routes: routes.map(encodeHttpRoute),
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
