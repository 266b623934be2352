import type { SettingValues } from '../config/setting-values.js';
import { CliError } from './cli.error.js';
import { givenSettings } from './given-settings.js';
import { parseOptions } from './parse-options.js';

/**
 * The arguments of the command `deregister`: a registration file, or settings that name an instance
 * and its agent.
 */
export type DeregisterArguments =
  { readonly file: string } | { readonly file?: undefined; readonly instance: SettingValues };

const OPTIONS = {
  file: { type: 'string' },
  name: { type: 'string' },
  port: { type: 'string' },
  'app-id': { type: 'string' },
  'instance-id': { type: 'string' },
  url: { type: 'string' },
  socket: { type: 'string' },
  dialect: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The options of the module that the arguments override. */
const OPTION_OF: Readonly<Record<string, string>> = {
  name: 'service.name',
  port: 'serverPort',
  'app-id': 'app.id',
  'instance-id': 'app.instanceId',
  url: 'baseUrl',
  socket: 'socketPath',
  dialect: 'dialect',
};

/** Returns the settings that name an instance and its agent. */
export function instanceSettings(found: SettingValues): SettingValues {
  const options = new Set(Object.values(OPTION_OF));
  return new Map([...found].filter(([{ option }]) => options.has(option)));
}

/**
 * Reads the arguments that follow `deregister`.
 *
 * @returns `help` if the user asks for it
 * @throws {CliError} with exit code 2 if the arguments are not valid
 */
export function parseDeregisterArguments(args: readonly string[]): DeregisterArguments | 'help' {
  const { help, file, ...given } = parseOptions(args, OPTIONS, 'give the service with --name and --port');
  if (help) return 'help';
  if (file === undefined) return { instance: givenSettings(given, OPTION_OF) };
  const [other] = Object.keys(given);
  if (other === undefined) return { file };
  throw new CliError(`--file cannot be combined with --${other}: the file has everything`, 2);
}
