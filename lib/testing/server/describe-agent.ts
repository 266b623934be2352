import type { AgentInstance } from '../agent-instance.js';
import type { AgentRequest } from '../agent-request.js';

/** The state of an agent that a test can see. */
export interface ObservableAgent {
  readonly watchers: number;
  services(): readonly AgentInstance[];
  requests(): readonly AgentRequest[];
}

/** The number of requests that a description lists. */
const LATEST = 5;

/** Describes the state of an agent in a few words, for the error of a wait that timed out. */
export function describeAgent(agent: ObservableAgent): string {
  const instances = agent.services().map(({ name, port, state }) => `${name}:${port} ${state}`);
  const requests = agent.requests();
  const latest = requests
    .slice(-LATEST)
    .map(({ method, path, status }) => `${method} ${path} ${status ?? '(not answered)'}`)
    .join(', ');
  return [
    `The agent holds: ${instances.join(', ') || 'no instance'}.`,
    `Open watch streams: ${agent.watchers}.`,
    `Requests received: ${requests.length}${latest && `; latest: ${latest}`}.`,
  ].join(' ');
}
