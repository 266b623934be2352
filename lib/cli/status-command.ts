import { addressOption, agentAt, type AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import { connectionFailure } from '../agent/connection/connection-failure.js';
import type { SettingValues } from '../config/setting-values.js';
import { completeEndpoint } from '../options/agent-endpoint.js';
import { counted } from '../support/text/counted.js';
import { readAgentHeaders } from './agent-headers.js';
import { agentInCommands } from './agent-in-commands.js';
import { CliError } from './cli.error.js';
import { getFromAgent } from './get-from-agent.js';
import { type HeldService, readHeldServices } from './held-services.js';
import { readModuleSettings } from './module-settings.js';
import { settingFaults } from './setting-faults.js';
import type { StatusArguments } from './status-arguments.js';
import { formatTable } from './text-table.js';

const PATH = '/debug/services';

/** The answers to missing or wrong credentials. */
const UNAUTHORIZED: ReadonlySet<number> = new Set([401, 403]);

/**
 * Asks an agent what it holds.
 *
 * @returns a table of it
 * @throws {CliError} if the agent does not answer, or not with a list of services
 */
export async function runStatus({ agent }: StatusArguments): Promise<string> {
  const endpoint = endpointOf(agent);
  const { status, body } = await ask(endpoint);
  const at = agentAt(endpoint);
  const other = `. If it is no agent, check ${addressOption(endpoint)}`;
  if (status === 404) throw new CliError(`this agent has no ${PATH}: ${at} answered 404${other}`, 1);
  if (status !== 200) {
    const advice = UNAUTHORIZED.has(status) ? '' : other;
    throw new CliError(`${at} answered GET ${PATH} with ${status}${advice}`, 1);
  }
  const services = readHeldServices(body);
  if (!services) throw new CliError(`${at} answered GET ${PATH} without a list of services${other}`, 1);
  return describe(at, services);
}

function endpointOf(given: SettingValues): AgentEndpoint {
  // An address of the environment is that of another agent.
  const values = given.size > 0 ? given : readModuleSettings();
  const found = new Map(
    [...values].filter(([{ option }]) => option === 'baseUrl' || option === 'socketPath'),
  );
  const faults = settingFaults(found);
  if (faults.length > 0) throw new CliError(faults.join('\n'), 2);
  const text = (name: string) => {
    const value = [...found].find(([{ option }]) => option === name)?.[1].value;
    return typeof value === 'string' ? value : undefined;
  };
  const address = { baseUrl: text('baseUrl'), socketPath: text('socketPath') };
  return completeEndpoint({ ...address, headers: readAgentHeaders() }, agentInCommands(found));
}

async function ask(endpoint: AgentEndpoint): ReturnType<typeof getFromAgent> {
  try {
    return await getFromAgent(endpoint, PATH);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(connectionFailure(endpoint, cause).message, 1, { cause });
  }
}

function describe(at: string, services: readonly HeldService[]): string {
  const held = services.filter(({ state }) => state !== 'Deregistered');
  const gone = services.length - held.length;
  const rest =
    gone > 0 ? `${counted(gone, 'deregistered instance is', 'deregistered instances are')} not shown\n` : '';
  if (held.length === 0) return `${at} holds no instance\n${rest}`;
  const header = ['NAME', 'PORT', 'STATE', 'VERSION', 'WEIGHT', 'METHODS', 'ROUTES', 'INSTANCE'];
  const rows = held.map(({ name, port, state, version, weight, methods, routes, instanceId }) =>
    [name, port, state, version, weight, methods, routes, instanceId].map(String),
  );
  return `${formatTable([header, ...rows])}${rest}`;
}
