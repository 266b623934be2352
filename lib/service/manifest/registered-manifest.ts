import { resolve } from 'node:path';
import type { Logger } from '@nestjs/common';
import { GatewayManifestError, type GatewayManifestFault } from '../../errors/gateway-manifest.error.js';
import type { GatewayManifestSource } from '../service-source.js';
import type { ServedMethods } from '../grpc/served-methods.js';
import { type GatewayManifest, methodsOf } from './gateway-manifest.js';
import { readGatewayManifest } from './read-gateway-manifest.js';

/**
 * Reads the gateway manifest to register, and compares it with what the server serves.
 *
 * @throws {GatewayManifestError} if the file cannot be read or has faults, or if it declares other
 *   methods than the server serves and `mismatch` is `error`
 */
export async function readRegisteredManifest(
  { path, mismatch }: GatewayManifestSource,
  served: Pick<ServedMethods, 'methods' | 'all'>,
  logger: Logger,
): Promise<GatewayManifest> {
  const manifest = await readGatewayManifest(path);
  const faults = mismatchFaults(manifest, served);
  if (faults.length === 0) return manifest;
  const error = new GatewayManifestError(
    resolve(path),
    faults,
    mismatch === 'error'
      ? 'Generate the manifest again, add the missing handlers, or register it as it is with manifestMismatch: "warn".'
      : 'The module registers the manifest as it is (manifestMismatch: "warn").',
  );
  if (mismatch === 'error') throw error;
  logger.warn(error.message);
  return manifest;
}

function mismatchFaults(
  manifest: GatewayManifest,
  served: Pick<ServedMethods, 'methods' | 'all'>,
): GatewayManifestFault[] {
  const declared = new Set(methodsOf(manifest));
  const answered = new Set(served.all);
  const unserved = manifest.services.flatMap(({ methods }) =>
    methods.filter((method) => !answered.has(method)),
  );
  const undeclared = [...new Set(served.methods)].filter((method) => !declared.has(method)).sort();
  return [
    ...unserved.map((method) => `${method} is declared, but no handler serves it`),
    ...undeclared.map((method) => `${method} is served, but not declared`),
  ].map((message) => ({ path: 'services', message }));
}
