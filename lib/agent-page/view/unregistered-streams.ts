import type { InstanceView } from './instance-view.js';
import type { PageState } from './page-state.js';

/** The numbers of event streams whose services are not registered. */
export interface UnregisteredStreams {
  /** Those of services that were lost, and will register again. */
  readonly lost: number;
  /** Those of services that have not registered. */
  readonly unknown: number;
}

/** Counts the event streams that are neither of a service that is held nor of a refused one. */
export function unregisteredStreams(
  { streams, instances, refused }: Pick<PageState, 'streams' | 'instances' | 'refused'>,
  held: readonly InstanceView[],
): UnregisteredStreams {
  const others = Math.max(0, streams - held.length - refused.length);
  const places = new Set([...held, ...refused].map(placeOf));
  const lost = new Set(instances.filter(({ isLost }) => isLost).map(placeOf));
  const waiting = [...lost].filter((place) => !places.has(place)).length;
  return { lost: Math.min(others, waiting), unknown: Math.max(0, others - waiting) };
}

function placeOf({ service, name = service, port }: Place): string {
  return `${name ?? ''} ${port ?? ''}`;
}

interface Place {
  readonly service?: string;
  readonly name?: string;
  readonly port?: number;
}
