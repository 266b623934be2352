import { parseArgs } from 'node:util';
import { propertyOf } from '../support/shape.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { CliError } from './cli.error.js';

interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
}

type Options = Readonly<Record<string, Option>>;

type ValuesOf<Known extends Options> = ReturnType<typeof parseArgs<{ options: Known }>>['values'];

/** Node's codes of an argument that is not an option or the value of one. */
const UNKNOWN_ARGUMENT = new Set(['ERR_PARSE_ARGS_UNKNOWN_OPTION', 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL']);

/**
 * Reads the options of a command.
 *
 * @param advice what to do about an argument that is not an option: `give files with --proto`
 * @throws {CliError} with exit code 2 if the arguments are not valid, or a text is empty
 */
export function parseOptions<const Known extends Options>(
  args: readonly string[],
  options: Known,
  advice: string,
): ValuesOf<Known> {
  try {
    const { values } = parseArgs({ args: [...args], options });
    for (const [name, given] of Object.entries(values)) {
      if ([given].flat().includes('')) throw new CliError(`--${name} must not be empty`, 2);
    }
    return values;
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const isUnknown = UNKNOWN_ARGUMENT.has(String(propertyOf(cause, 'code')));
    const message = isUnknown ? unknownArgument(args, options, advice) : undefined;
    throw new CliError(message ?? messageOf(cause), 2, { cause });
  }
}

/**
 * Describes the first argument that is not an option or the value of one; `undefined` if all are.
 */
function unknownArgument(args: readonly string[], options: Options, advice: string): string | undefined {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') return `unexpected argument ${token.value}: ${advice}`;
    if (token.kind === 'option' && !Object.hasOwn(options, token.name)) {
      const known = Object.keys(options).map((name) => `--${name}`);
      return `unknown option ${token.rawName}. Options: ${known.join(', ')}`;
    }
  }
  return undefined;
}
