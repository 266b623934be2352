import type { AgentInstance } from './agent-instance.js';
import type { AgentRequest } from './agent-request.js';

/** What there is to see of an agent. */
export interface ObservableAgent {
  readonly watchers: number;
  services(): readonly AgentInstance[];
  requests(): readonly AgentRequest[];
}

/** How many of the latest requests a description lists. */
const LATEST = 5;

/** Says in a few words what an agent holds and has seen: for the message of a wait in vain. */
export function describeAgent(agent: ObservableAgent): string {
  const services = agent.services().map(({ name, port, state }) => `${name}:${port} ${state}`);
  const requests = agent.requests();
  const latest = requests
    .slice(-LATEST)
    .map(({ method, path, status }) => `${method} ${path} ${status ?? '(not answered)'}`);
  const seen =
    latest.length === 0 ? 'no request' : `${requests.length} request(s), the last ones ${latest.join(', ')}`;
  const held = services.length === 0 ? 'no instance' : services.join(', ');
  return `The agent holds ${held}, has ${agent.watchers} watch stream(s) and has seen ${seen}.`;
}
