import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GatewayManifestError } from '../../errors/gateway-manifest.error.js';
import { messageOf } from '../../support/text/describe-thrown.js';
import type { GatewayManifest } from './gateway-manifest.js';
import { parseGatewayManifest } from './parse-gateway-manifest.js';

/** The most bytes that a manifest may have: 8 MiB, some fifty thousand routes. */
const MAX_MANIFEST_BYTES = 8 * 1024 * 1024;

/**
 * Reads a gateway manifest from its file.
 *
 * @param path absolute, or below the working directory
 * @throws GatewayManifestError where it cannot be read, is too large, or breaks a rule
 */
export async function readGatewayManifest(path: string): Promise<GatewayManifest> {
  const file = resolve(path);
  return parseGatewayManifest(decode(await readBounded(file), file), file);
}

async function readBounded(file: string): Promise<Buffer> {
  const unreadable = (cause: unknown) => refuse(file, `cannot be read: ${messageOf(cause)}`, cause);
  // Before it is opened: to open a pipe is to wait for its writer.
  const stats = await stat(file).catch(unreadable);
  if (!stats.isFile()) return refuse(file, 'is no regular file');
  if (stats.size > MAX_MANIFEST_BYTES) {
    return refuse(file, `has ${stats.size} bytes, and a manifest may have ${MAX_MANIFEST_BYTES}`);
  }
  return readFile(file).catch(unreadable);
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return refuse(file, 'is not UTF-8', cause);
  }
}

function refuse(file: string, message: string, cause?: unknown): never {
  const advice =
    'Generate it with "npx nestjs-sidecar-agent manifest --proto <file.proto>", or give the option gatewayManifestPath the right path.';
  throw new GatewayManifestError(file, [{ path: '', message }], advice, { cause });
}
