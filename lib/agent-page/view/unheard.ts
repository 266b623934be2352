import type { InstanceView } from './instance-view.js';
import type { PageState } from './page-state.js';

/**
 * How long a service is silent before its process may be gone, in milliseconds: twice the
 * `reassertInterval` after which the module repeats an accepted register.
 */
export const UNHEARD_AFTER = 60_000;

/**
 * Returns whether there are fewer event streams than services: at least one has none. Streams do
 * not say whose they are.
 */
export function hasMissingStream({ streams, refused }: PageState, held: readonly InstanceView[]): boolean {
  return streams < held.length + refused.length;
}

/**
 * Returns how long it takes until the silence of a service says something, in milliseconds; 0 if it
 * does.
 *
 * @param now milliseconds since 1970
 */
export function untilUnheard(heardAt: string, now: number): number {
  return Math.max(0, Date.parse(heardAt) + UNHEARD_AFTER - now);
}
