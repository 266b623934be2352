import { parseArgs } from 'node:util';
import { messageOf } from '../support/text/describe-thrown.js';
import { GATEWAY_MANIFEST_PATH } from '../service/manifest/gateway-manifest.js';
import { CliError } from './cli.error.js';

/** What `manifest` was told to do. */
export interface ManifestArguments {
  readonly protos: readonly string[];
  readonly includeDirs: readonly string[];
  /** Empty for every service of the given files. */
  readonly packages: readonly string[];
  /** `-` for the standard output. */
  readonly out: string;
  readonly check: boolean;
}

/**
 * Reads the arguments after `manifest`.
 *
 * @returns `help` where that was asked for
 * @throws CliError of exit code 2
 */
export function parseManifestArguments(args: readonly string[]): ManifestArguments | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const { proto = [], 'include-dir': includeDirs = [], package: packages = [], check = false } = values;
  const out = values.out ?? GATEWAY_MANIFEST_PATH;
  if (proto.length === 0) throw new CliError('--proto is required: a .proto file of the application', 2);
  for (const [name, given] of Object.entries({
    proto,
    'include-dir': includeDirs,
    package: packages,
    out: [out],
  })) {
    if (given.includes('')) throw new CliError(`--${name} must not be empty`, 2);
  }
  if (check && out === '-') throw new CliError('--check needs a file to look at, not --out -', 2);
  return { protos: proto, includeDirs, packages, out, check };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        proto: { type: 'string', multiple: true },
        'include-dir': { type: 'string', multiple: true },
        package: { type: 'string', multiple: true },
        out: { type: 'string' },
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (cause) {
    throw new CliError(messageOf(cause), 2, { cause });
  }
}
