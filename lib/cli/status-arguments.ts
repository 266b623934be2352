import type { SettingValues } from '../config/setting-values.js';
import { givenSettings } from './given-settings.js';
import { parseOptions } from './parse-options.js';

/** The arguments of the command `status`: settings that say where the agent is. */
export interface StatusArguments {
  readonly agent: SettingValues;
}

const OPTIONS = {
  url: { type: 'string' },
  socket: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The options of the module that the arguments override. */
const OPTION_OF: Readonly<Record<string, string>> = { url: 'baseUrl', socket: 'socketPath' };

/**
 * Reads the arguments that follow `status`.
 *
 * @returns `help` if the user asks for it
 * @throws {CliError} with exit code 2 if the arguments are not valid
 */
export function parseStatusArguments(args: readonly string[]): StatusArguments | 'help' {
  const { help, ...given } = parseOptions(args, OPTIONS, 'give the address of the agent with --url');
  return help ? 'help' : { agent: givenSettings(given, OPTION_OF) };
}
