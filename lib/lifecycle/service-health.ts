import type { ServiceHealth } from '../service/grpc/health-sources.js';
import { sortUnique } from '../support/text/sort-unique.js';
import type { LifecycleParts } from './lifecycle-parts.js';

/** The phases in which the service does not want calls, whether or not the agent is there. */
const OUT = new Set(['starting', 'draining', 'deregistering', 'deregistered', 'stopped']);

/** Returns what the module tells the health service of its gRPC server. */
export function serviceHealth({
  agent,
  hold,
  status$,
}: Pick<LifecycleParts, 'agent' | 'hold' | 'status$'>): ServiceHealth {
  return {
    isServing: () => !hold.hasBegun && !OUT.has(agent.status().phase),
    isLeaving: () => hold.hasBegun,
    services: () => sortUnique((agent.node?.methods ?? []).map((path) => path.split('/')[1] ?? '')),
    changes$: status$,
  };
}
