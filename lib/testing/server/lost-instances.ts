import type { AgentInstance } from '../agent-instance.js';

const lost = new WeakSet<AgentInstance>();

/** Notes that an instance is deregistered because it was lost, and not by a call. */
export function noteLost(instance: AgentInstance): void {
  lost.add(instance);
}

/** Returns whether an instance is deregistered because it was lost, and not by a call. */
export function isLost(instance: AgentInstance): boolean {
  return lost.has(instance);
}
