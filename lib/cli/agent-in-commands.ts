import { type AgentKind, SIDECAR_AGENT } from '../agent/connection/agent-kind.js';
import type { SettingValues } from '../config/setting-values.js';

/**
 * Returns the agent as a command calls it that finds it by `--url`, `--socket` or settings: texts
 * name what was given in place of the options of the module.
 *
 * @param found the settings that say where the agent is
 */
export function agentInCommands(found: SettingValues): AgentKind {
  const placeOf = (option: string) => [...found].find(([setting]) => setting.option === option)?.[1].place;
  const address = placeOf('baseUrl') ?? '--url';
  const noTls = `if the agent does not use TLS, give an http:// address with ${address}`;
  return {
    ...SIDECAR_AGENT,
    addressOption: SIDECAR_AGENT.addressOption.replace('baseUrl', address),
    socketOption: placeOf('socketPath') ?? '--socket',
    plainAdvice: noTls,
    tlsAdvice: `${noTls}; if it does, Node must trust its certificate (NODE_EXTRA_CA_CERTS)`,
  };
}
