import { agentAt, type AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import { connectionFailure } from '../agent/connection/connection-failure.js';
import type { SettingValues } from '../config/setting-values.js';
import { valueFaults } from '../config/settings-to-options.js';
import { completeEndpoint } from '../options/agent-endpoint.js';
import { counted } from '../support/text/counted.js';
import { readAgentHeaders } from './agent-headers.js';
import { CliError } from './cli.error.js';
import { getFromAgent } from './get-from-agent.js';
import { type HeldService, readHeldServices } from './held-services.js';
import { readModuleSettings } from './module-settings.js';
import type { StatusArguments } from './status-arguments.js';
import { formatTable } from './text-table.js';

const PATH = '/debug/services';

/**
 * Asks an agent what it holds.
 *
 * @returns a table of it
 * @throws {CliError} if the agent does not answer, or not with a list of services
 */
export async function runStatus({ agent }: StatusArguments): Promise<string> {
  const endpoint = endpointOf(agent);
  const { status, body } = await ask(endpoint, agent.size > 0);
  const at = agentAt(endpoint);
  if (status === 404) throw new CliError(`this agent has no ${PATH}: ${at} answered 404`, 1);
  if (status !== 200) throw new CliError(`${at} answered GET ${PATH} with ${status}`, 1);
  const services = readHeldServices(body);
  if (!services) throw new CliError(`${at} answered GET ${PATH} without a list of services`, 1);
  return describe(at, services);
}

function endpointOf(given: SettingValues): AgentEndpoint {
  const isNamed = given.size > 0;
  // An address of the environment is that of another agent.
  const values = isNamed ? given : readModuleSettings();
  const found = new Map(
    [...values].filter(([{ option }]) => option === 'baseUrl' || option === 'socketPath'),
  );
  const faults = valueFaults(found).map(({ path, message }) => `${path}: ${message}`);
  if (faults.length > 0) throw new CliError(faults.join('\n'), 2);
  const text = (name: string) => {
    const value = [...found].find(([{ option }]) => option === name)?.[1].value;
    return typeof value === 'string' ? value : undefined;
  };
  return completeEndpoint({
    baseUrl: text('baseUrl'),
    socketPath: text('socketPath'),
    headers: readAgentHeaders(),
  });
}

async function ask(endpoint: AgentEndpoint, isNamed: boolean): ReturnType<typeof getFromAgent> {
  try {
    return await getFromAgent(endpoint, PATH);
  } catch (cause) {
    const { message } = connectionFailure(endpoint, cause);
    throw new CliError(isNamed ? withArguments(message) : message, 1, { cause });
  }
}

/** Names the arguments that were given, not the options of the module that they stand for. */
function withArguments(message: string): string {
  return message
    .replace(/\bcheck baseUrl\b/, 'check --url')
    .replace(/\bcheck socketPath\b/, 'check --socket');
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
