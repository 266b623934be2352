import type { AgentInstance } from '../../testing/agent-instance.js';
import {
  type Advice,
  conflictAdvice,
  type FindRoutes,
  noMethodsAdvice,
  type PublishedRoutes,
  type RouteDifference,
  routeDifferences,
  routeKey,
} from './route-difference.js';

/** Why an agent would refuse an instance that this agent holds. */
export interface RefusalWarning {
  /** In a few words. */
  readonly mark: 'public agent would refuse it' | 'next start would be refused';
  readonly text: string;
  readonly advice: Advice;
  readonly differences: readonly RouteDifference[];
}

const NO_METHODS: RefusalWarning = {
  mark: 'public agent would refuse it',
  text: 'The public agent would refuse this instance: it has no gRPC method',
  advice: noMethodsAdvice(),
  differences: [],
};

/**
 * Finds the instances that an agent would refuse: the public agent knows the dialect flat alone,
 * and this one accepts the same services in the dialect node. An instance of the dialect flat may
 * have been accepted before the routes that are published now.
 *
 * @param held the instances that are registered, in the order of their registers
 * @param published finds what a service has published; without it, what registered first counts
 */
export function publicAgentWarnings(
  held: readonly AgentInstance[],
  published: FindRoutes = () => undefined,
): ReadonlyMap<AgentInstance, readonly RefusalWarning[]> {
  const first = new Map<string, PublishedRoutes>();
  const warnings = new Map<AgentInstance, readonly RefusalWarning[]>();
  for (const instance of held) {
    const key = routeKey(instance);
    const document = published(key);
    const isStale = document !== undefined && instance.dialect === 'flat';
    const found = [
      ...(instance.methods.length === 0 ? [NO_METHODS] : []),
      ...conflictWarnings(document ?? first.get(key), instance, isStale),
    ];
    if (found.length > 0) warnings.set(instance, found);
    else if (!first.has(key)) first.set(key, instance);
  }
  return warnings;
}

function conflictWarnings(
  published: PublishedRoutes | undefined,
  instance: AgentInstance,
  isStale: boolean,
): RefusalWarning[] {
  const differences = published ? routeDifferences(published, instance) : [];
  if (!published || differences.length === 0) return [];
  const conflict = `route document conflict with ${instance.name} on port ${published.port}`;
  const advice = conflictAdvice(instance);
  if (!isStale) {
    const text = `The public agent would refuse this instance: ${conflict}`;
    return [{ mark: 'public agent would refuse it', text, advice, differences }];
  }
  const text = `The agent holds this instance, and would refuse its next start: ${conflict}, which was published later`;
  return [{ mark: 'next start would be refused', text, advice, differences }];
}
