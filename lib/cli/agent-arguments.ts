import { CliError } from './cli.error.js';
import { parseOptions } from './parse-options.js';

/** The dialects that an agent can be told to understand. */
const DIALECTS = ['node', 'flat', 'both'] as const;

/** The port of agents, which is the default of the module's `baseUrl`. */
const DEFAULT_PORT = 15_010;

/** The arguments of the command `agent`. */
export interface AgentArguments {
  readonly port: number;
  readonly socketPath?: string;
  readonly dialect: (typeof DIALECTS)[number];
  readonly hasChaos: boolean;
  readonly isJson: boolean;
}

const OPTIONS = {
  port: { type: 'string' },
  socket: { type: 'string' },
  dialect: { type: 'string' },
  chaos: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the arguments that follow `agent`.
 *
 * @returns `help` if the user asks for it
 * @throws {CliError} with exit code 2 if the arguments are not valid
 */
export function parseAgentArguments(args: readonly string[]): AgentArguments | 'help' {
  const given = parseOptions(args, OPTIONS, 'give the port with --port');
  if (given.help) return 'help';
  return {
    port: portOf(given.port),
    socketPath: given.socket,
    dialect: dialectOf(given.dialect),
    hasChaos: given.chaos ?? false,
    isJson: given.json ?? false,
  };
}

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new CliError(`--port must be 1 to 65535, or 0 for a free port, got ${text}`, 2);
}

function dialectOf(text = 'both'): AgentArguments['dialect'] {
  const dialect = DIALECTS.find((name) => name === text);
  if (dialect) return dialect;
  throw new CliError(`--dialect must be node, flat or both, got ${text}`, 2);
}
