import { CliError } from './cli.error.js';
import { parseOptions } from './parse-options.js';

/** The arguments of the command `run`. */
export interface RunArguments {
  /** The registration file, if it is given. */
  readonly file?: string;
  readonly command: string;
  readonly args: readonly string[];
}

const OPTIONS = { file: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

const ADVICE = 'give the command to run after --, as in run -- node dist/main.js';

/**
 * Reads the arguments that follow `run`.
 *
 * @returns `help` if the user asks for it
 * @throws {CliError} with exit code 2 if the arguments are not valid
 */
export function parseRunArguments(given: readonly string[]): RunArguments | 'help' {
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  const { file, help } = parseOptions(given.slice(0, end), OPTIONS, ADVICE);
  if (help) return 'help';
  const [command, ...args] = given.slice(end + 1);
  if (command === undefined || command === '') throw new CliError(`no command given: ${ADVICE}`, 2);
  return { file, command, args };
}
