import type { AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import { getFromAgent } from './get-from-agent.js';
import { type HeldService, readHeldServices } from './held-services.js';

/** The longest time for the list of instances, in milliseconds. */
const TIMEOUT = 3_000;

/** What a shell takes as it stands. */
const PLAIN = /^[\w.:/@%+=,-]+$/;

/** A service, as an agent of the dialect flat knows it. */
interface NamedService {
  readonly serviceName: string;
  readonly servicePort: number;
}

/**
 * Returns the commands that deregister the instances which the agent holds under a name and a port,
 * and knows by other ids: those of the dialect node. An agent that does not list its instances has
 * none.
 */
export async function commandsForIds(
  endpoint: AgentEndpoint,
  agent: { readonly baseUrl?: string; readonly socketPath?: string },
  { serviceName, servicePort }: NamedService,
): Promise<readonly string[]> {
  const held = await listHeld(endpoint);
  const same = held.filter(
    ({ name, port, state, dialect, appId, instanceId }) =>
      name === serviceName &&
      port === String(servicePort) &&
      state !== 'Deregistered' &&
      dialect !== 'flat' &&
      ![appId, instanceId].includes('-'),
  );
  return same.map(({ appId, instanceId }) =>
    commandLine({
      name: serviceName,
      port: String(servicePort),
      'app-id': appId,
      'instance-id': instanceId,
      dialect: 'node',
      url: agent.baseUrl,
      socket: agent.socketPath,
    }),
  );
}

async function listHeld(endpoint: AgentEndpoint): Promise<readonly HeldService[]> {
  try {
    const { status, body } = await getFromAgent(endpoint, '/debug/services', TIMEOUT);
    return status === 200 ? (readHeldServices(body) ?? []) : [];
  } catch {
    return [];
  }
}

function commandLine(options: Readonly<Record<string, string | undefined>>): string {
  const words = Object.entries(options).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option}`, quoted(value)],
  );
  return ['npx nestjs-sidecar-agent deregister', ...words].join(' ');
}

/** Services choose their ids: a shell must not run what is in them. */
function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
