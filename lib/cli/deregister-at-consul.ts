import type { SidecarClient } from '../agent/client/sidecar-client.js';
import type { AgentEndpoint } from '../agent/connection/agent-endpoint.js';
import { ConsulAgent, type ConsulEndpoint } from '../consul/consul-agent.js';
import { consulConnection } from '../consul/consul-connection.js';
import { consulKind } from '../consul/consul-kind.js';
import { completeConsulOptions } from '../consul/consul-settings.js';
import { settingOrigins } from '../consul/setting-origins.js';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { completeEndpoint } from '../options/agent-endpoint.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { CliError } from './cli.error.js';

/**
 * Returns how a Consul agent is reached whose address is known: the token and the TLS files come
 * from the environment.
 *
 * @throws {CliError} if a variable cannot be used
 */
export function consulEndpoint(given: Readonly<Record<string, unknown>>): AgentEndpoint {
  const faults: OptionFault[] = [];
  const connection = consulConnection(given, process.env, faults);
  if (faults.length > 0)
    throw new CliError(faults.map(({ path, message }) => `${path}: ${message}`).join('\n'), 2);
  const kind = consulKind(completeConsulOptions({}));
  return completeEndpoint(connection, { ...kind, ...settingOrigins(given, process.env) });
}

/** Returns a client that deregisters one instance at a Consul agent by its id. */
export function deregisterAtConsul(
  id: string,
  settings: ConsulEndpoint,
  clock: SidecarClock,
): Pick<SidecarClient, 'deregister' | 'close'> {
  const agent = new ConsulAgent(settings, clock);
  return {
    deregister: async () => {
      await agent.deregister(id);
      return {};
    },
    close: () => agent.close(),
  };
}
