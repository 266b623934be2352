import type { EmbeddedAgent } from '../../lib/testing/index.js';

/** Returns how many instances the agent lists as `Serving`. */
export function servingOn(agent: EmbeddedAgent): number {
  return agent.services().filter(({ state }) => state === 'Serving').length;
}

/** Returns how many registers the agent has got. */
export function registersOf(agent: EmbeddedAgent): number {
  return agent.requests().filter(({ path }) => path === '/register').length;
}

/** Returns the instances that the agent still lists. */
export function listedBy(agent: EmbeddedAgent) {
  return agent.services().filter(({ state }) => state !== 'Deregistered');
}
