import { readFile } from 'node:fs/promises';
import { formatGatewayManifest } from '../service/manifest/format-gateway-manifest.js';
import { methodsOf } from '../service/manifest/gateway-manifest.js';
import { counted } from '../support/text/counted.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { writeOutput } from './write-output.js';
import { buildManifest } from './build-manifest.js';
import { CliError } from './cli.error.js';
import type { ManifestArguments } from './manifest-arguments.js';
import { loadProtoServices } from './proto-services.js';

/**
 * Generates a gateway manifest, and writes it or compares it with the file.
 *
 * @returns the text to print
 * @throws {CliError} if the manifest cannot be generated or written, or the file is not up to date
 */
export async function runManifest(args: ManifestArguments): Promise<string> {
  const { protos, includeDirs, packages, announceInfrastructure, out, check } = args;
  const found = loadProtoServices(protos, includeDirs);
  const manifest = buildManifest(found, packages, announceInfrastructure);
  const text = formatGatewayManifest(manifest);
  if (out === '-') return text;
  if (check) {
    await compare(out, text);
    return `${out} is up to date\n`;
  }
  write(out, text);
  const { services, routes } = manifest;
  const holds = [
    counted(services.length, 'service'),
    counted(methodsOf(manifest).length, 'method'),
    counted(routes.length, 'route'),
  ];
  return `Wrote ${out}: ${holds.join(', ')}\n`;
}

function write(out: string, text: string): void {
  try {
    writeOutput(out, text);
  } catch (cause) {
    throw new CliError(`cannot write ${out}: ${messageOf(cause)}`, 1, { cause });
  }
}

async function compare(out: string, text: string): Promise<void> {
  const present = await readFile(out, 'utf8').catch((cause: unknown) => {
    const reason = messageOf(cause);
    throw new CliError(`cannot read ${out}: ${reason}. Run the command without --check to write it`, 1, {
      cause,
    });
  });
  // Git may check the file out with other line ends.
  if (present.replaceAll('\r\n', '\n') === text) return;
  throw new CliError(
    `${out} is not up to date with the .proto files: run the command without --check to write it again`,
    1,
  );
}
