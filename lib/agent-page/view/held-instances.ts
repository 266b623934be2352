import type { InstanceView } from './instance-view.js';

/**
 * Returns the instances that an agent holds, by name and port: a service that registers anew stays
 * where it was.
 */
export function heldInstances(instances: readonly InstanceView[]): readonly InstanceView[] {
  return instances.filter(isHeld).sort(byNameAndPort);
}

export function isHeld({ state }: InstanceView): boolean {
  return state !== 'Deregistered';
}

/** Returns how many instances each name has. */
export function countNames(instances: readonly InstanceView[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of instances) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function byNameAndPort(one: InstanceView, other: InstanceView): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.port - other.port;
}
