import type { Dialect } from '../agent/protocol/dialect.js';
import { CliError } from './cli.error.js';
import { parseOptions } from './parse-options.js';

/** The arguments of the command `deregister`: a registration file, or one instance. */
export type DeregisterArguments =
  { readonly file: string } | { readonly file?: undefined; readonly instance: InstanceArguments };

/** What the arguments tell of an instance; settings complete it. */
export interface InstanceArguments {
  readonly name?: string;
  readonly port?: number;
  readonly appId?: string;
  readonly instanceId?: string;
  readonly url?: string;
  readonly socket?: string;
  readonly dialect?: Dialect;
}

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

/**
 * Reads the arguments that follow `deregister`.
 *
 * @returns `help` if the user asks for it
 * @throws {CliError} with exit code 2 if the arguments are not valid
 */
export function parseDeregisterArguments(args: readonly string[]): DeregisterArguments | 'help' {
  const { help, file, ...given } = parseOptions(args, OPTIONS, 'give the service with --name and --port');
  if (help) return 'help';
  if (file === undefined) return { instance: readInstance(given) };
  const [other] = Object.keys(given);
  if (other === undefined) return { file };
  throw new CliError(`--file cannot be combined with --${other}: the file has everything`, 2);
}

function readInstance(given: Readonly<Record<string, string | undefined>>): InstanceArguments {
  return {
    name: given.name,
    port: given.port === undefined ? undefined : readPort('--port', given.port),
    appId: given['app-id'],
    instanceId: given['instance-id'],
    url: given.url,
    socket: given.socket,
    dialect: readDialect('--dialect', given.dialect),
  };
}

/** @throws {CliError} that names the place, if the value is not a port */
export function readPort(place: string, value: unknown): number {
  const port = Number(value);
  if (/^\d+$/.test(String(value)) && port >= 1 && port <= 65_535) return port;
  throw new CliError(`${place}: must be a whole number from 1 to 65535, got ${JSON.stringify(value)}`, 2);
}

/**
 * @returns `undefined` if the dialect is to be found out
 * @throws {CliError} that names the place, if the value is not a dialect
 */
export function readDialect(place: string, value: unknown): Dialect | undefined {
  if (value === undefined || value === 'auto') return undefined;
  if (value === 'node' || value === 'flat') return value;
  throw new CliError(`${place}: must be "auto", "node" or "flat", got ${JSON.stringify(value)}`, 2);
}
