import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GatewayManifestError } from '../../errors/gateway-manifest.error.js';
import { messageOf } from '../../support/text/describe-thrown.js';
import type { GatewayManifest } from './gateway-manifest.js';
import { parseGatewayManifest } from './parse-gateway-manifest.js';

/** The largest manifest file, in bytes: 8 MiB hold some fifty thousand routes. */
const MAX_MANIFEST_BYTES = 8 * 1024 * 1024;

const ADVICE =
  'Generate it with "npx nestjs-sidecar-agent manifest --proto <file.proto>", or correct the option gatewayManifestPath.';

/**
 * Reads a gateway manifest from its file.
 *
 * @param path absolute, or relative to the working directory
 * @throws {GatewayManifestError} if the file cannot be read, is too large, or has faults
 */
export async function readGatewayManifest(path: string): Promise<GatewayManifest> {
  const file = resolve(path);
  return parseGatewayManifest(decode(await readBounded(file), file), file);
}

async function readBounded(file: string): Promise<Buffer> {
  const refuseUnreadable = (cause: unknown) => refuse(file, `cannot be read: ${messageOf(cause)}`, cause);
  // Before it is opened: opening a pipe waits for its writer.
  const stats = await stat(file).catch(refuseUnreadable);
  if (!stats.isFile()) return refuse(file, 'is not a regular file');
  if (stats.size > MAX_MANIFEST_BYTES) {
    return refuse(file, `must have at most ${MAX_MANIFEST_BYTES} bytes, got ${stats.size}`);
  }
  return readFile(file).catch(refuseUnreadable);
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return refuse(file, 'is not valid UTF-8', cause);
  }
}

function refuse(file: string, message: string, cause?: unknown): never {
  throw new GatewayManifestError(file, [{ path: '', message }], ADVICE, { cause });
}
