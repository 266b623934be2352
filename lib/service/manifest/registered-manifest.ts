import { resolve } from 'node:path';
import type { Logger } from '@nestjs/common';
import { GatewayManifestError } from '../../errors/gateway-manifest.error.js';
import type { GatewayManifest } from './gateway-manifest.js';
import { manifestMismatch } from './manifest-mismatch.js';
import type { GatewayManifestSource } from '../service-source.js';

/**
 * Reads the gateway manifest and holds it against what is served.
 *
 * @param served full paths of the methods
 * @throws {GatewayManifestError} where the file cannot be read or breaks a rule, and where it declares other methods than are
 *   served, unless that is to be a warning
 */
export async function registeredManifest(
  { path, mismatch }: GatewayManifestSource,
  served: readonly string[],
  logger: Logger,
): Promise<GatewayManifest> {
  // Not imported above: few services have a manifest.
  const { readGatewayManifest } = await import('./read-gateway-manifest.js');
  const manifest = await readGatewayManifest(path);
  const faults = manifestMismatch(manifest, served);
  if (faults.length === 0) return manifest;
  const error = new GatewayManifestError(
    resolve(path),
    faults,
    mismatch === 'error'
      ? 'Generate the manifest anew, serve what it declares, or announce it as it is with manifestMismatch: "warn".'
      : 'What the manifest declares is announced (manifestMismatch: "warn").',
  );
  if (mismatch === 'error') throw error;
  logger.warn(error.message);
  return manifest;
}
