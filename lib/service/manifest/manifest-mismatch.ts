import type { GatewayManifestFault } from '../../errors/gateway-manifest.error.js';
import { type GatewayManifest, methodsOf } from './gateway-manifest.js';

/** Where a manifest and what is served are not about the same methods. */
export function manifestMismatch(
  manifest: GatewayManifest,
  served: readonly string[],
): GatewayManifestFault[] {
  const declared = new Set(methodsOf(manifest));
  const answered = new Set(served);
  return [
    ...manifest.services.flatMap(({ methods }) =>
      methods
        .filter((method) => !answered.has(method))
        .map((method) => ({ path: 'services', message: `${method} is declared, and no handler serves it` })),
    ),
    ...[...answered]
      .filter((method) => !declared.has(method))
      .sort()
      .map((method) => ({ path: 'services', message: `${method} is served, and not declared` })),
  ];
}
