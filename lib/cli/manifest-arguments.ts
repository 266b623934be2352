import { parseArgs } from 'node:util';
import { propertyOf } from '../support/shape.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { GATEWAY_MANIFEST_PATH } from '../service/manifest/gateway-manifest.js';
import { CliError } from './cli.error.js';

/** The arguments of the command `manifest`. */
export interface ManifestArguments {
  readonly protos: readonly string[];
  readonly includeDirs: readonly string[];
  /** Empty for every service of the given files. */
  readonly packages: readonly string[];
  /** `-` for the standard output. */
  readonly out: string;
  readonly check: boolean;
}

const OPTIONS = {
  proto: { type: 'string', multiple: true },
  'include-dir': { type: 'string', multiple: true },
  package: { type: 'string', multiple: true },
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
  const values = parse(args);
  if (values.help) return 'help';
  const { proto = [], 'include-dir': includeDirs = [], package: packages = [], check = false } = values;
  const out = values.out ?? GATEWAY_MANIFEST_PATH;
  if (proto.length === 0) throw new CliError('--proto is required: give a .proto file of your app', 2);
  const texts = { proto, 'include-dir': includeDirs, package: packages, out: [out] };
  for (const [name, given] of Object.entries(texts)) {
    if (given.includes('')) throw new CliError(`--${name} must not be empty`, 2);
  }
  if (check && out === '-') {
    throw new CliError('--check cannot be combined with --out -: give the file to compare with', 2);
  }
  return { protos: proto, includeDirs, packages, out, check };
}

/** Node's codes of an argument that is not an option or the value of one. */
const UNKNOWN_ARGUMENT = new Set(['ERR_PARSE_ARGS_UNKNOWN_OPTION', 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL']);

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    const isUnknown = UNKNOWN_ARGUMENT.has(String(propertyOf(cause, 'code')));
    const message = isUnknown ? unknownArgument(args) : undefined;
    throw new CliError(message ?? messageOf(cause), 2, { cause });
  }
}

/**
 * Describes the first argument that is not an option or the value of one; `undefined` if all are.
 */
function unknownArgument(args: readonly string[]): string | undefined {
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') {
      return `unexpected argument ${token.value}: give .proto files with --proto`;
    }
    if (token.kind === 'option' && !Object.hasOwn(OPTIONS, token.name)) {
      const known = Object.keys(OPTIONS).map((name) => `--${name}`);
      return `unknown option ${token.rawName}. Options: ${known.join(', ')}`;
    }
  }
  return undefined;
}
