import { GATEWAY_MANIFEST_PATH } from '../service/manifest/gateway-manifest.js';
import { CliError } from './cli.error.js';
import { parseOptions } from './parse-options.js';

/** The arguments of the command `manifest`. */
export interface ManifestArguments {
  readonly protos: readonly string[];
  readonly includeDirs: readonly string[];
  /** Empty for every service of the given files. */
  readonly packages: readonly string[];
  /** Whether to declare gRPC's own services, as the option of this name registers them. */
  readonly announceInfrastructure: boolean;
  /** `-` for the standard output. */
  readonly out: string;
  readonly check: boolean;
}

const OPTIONS = {
  proto: { type: 'string', multiple: true },
  'include-dir': { type: 'string', multiple: true },
  package: { type: 'string', multiple: true },
  'announce-infrastructure': { type: 'boolean' },
  out: { type: 'string' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the arguments that follow `manifest`.
 *
 * @returns `help` if the user asks for it
 * @throws {CliError} with exit code 2 if the arguments are not valid
 */
export function parseManifestArguments(args: readonly string[]): ManifestArguments | 'help' {
  const values = parseOptions(args, OPTIONS, 'give .proto files with --proto');
  if (values.help) return 'help';
  const { proto = [], 'include-dir': includeDirs = [], package: packages = [], check = false } = values;
  const announceInfrastructure = values['announce-infrastructure'] ?? false;
  const out = values.out ?? GATEWAY_MANIFEST_PATH;
  if (proto.length === 0) throw new CliError('--proto is required: give a .proto file of your app', 2);
  if (check && out === '-') {
    throw new CliError('--check cannot be combined with --out -: give the file to compare with', 2);
  }
  return { protos: proto, includeDirs, packages, announceInfrastructure, out, check };
}
