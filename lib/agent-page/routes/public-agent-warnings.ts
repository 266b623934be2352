import type { AgentInstance } from '../../testing/agent-instance.js';
import {
  type Advice,
  conflictAdvice,
  noMethodsAdvice,
  type RouteDifference,
  routeDifferences,
  routeKey,
} from './route-difference.js';

/** Why the public agent would refuse an instance that this agent accepted. */
export interface RefusalWarning {
  readonly text: string;
  readonly advice: Advice;
  readonly differences: readonly RouteDifference[];
}

const NO_METHODS: RefusalWarning = {
  text: 'The public agent would refuse this instance: it has no gRPC method',
  advice: noMethodsAdvice(),
  differences: [],
};

/**
 * Finds the instances that the public agent would refuse. It knows the dialect flat alone; this
 * agent accepts the same services in the dialect node.
 *
 * @param held the instances that are registered, in the order of their registers
 */
export function publicAgentWarnings(
  held: readonly AgentInstance[],
): ReadonlyMap<AgentInstance, readonly RefusalWarning[]> {
  const first = new Map<string, AgentInstance>();
  const warnings = new Map<AgentInstance, readonly RefusalWarning[]>();
  for (const instance of held) {
    const found = [
      ...(instance.methods.length === 0 ? [NO_METHODS] : []),
      ...conflictWarnings(first.get(routeKey(instance)), instance),
    ];
    if (found.length > 0) warnings.set(instance, found);
    else if (!first.has(routeKey(instance))) first.set(routeKey(instance), instance);
  }
  return warnings;
}

function conflictWarnings(first: AgentInstance | undefined, instance: AgentInstance): RefusalWarning[] {
  const differences = first ? routeDifferences(first, instance) : [];
  if (!first || differences.length === 0) return [];
  const text = `The public agent would refuse this instance: route document conflict with ${first.name} on port ${first.port}`;
  return [{ text, advice: conflictAdvice(instance), differences }];
}
