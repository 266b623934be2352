import type { AgentInstance } from '../../testing/agent-instance.js';
import {
  type PublishedRoutes,
  type RouteDifference,
  routeDifferences,
  routeKey,
  type RouteOwner,
} from './route-difference.js';

/** The most services whose routes are remembered. */
const LIMIT = 10_000;

/** Remembers what services have published, since a refusal does not say what it conflicts with. */
export class RouteMemory {
  readonly #published = new Map<string, PublishedRoutes & RouteOwner>();

  /** Remembers the routes of an instance that the agent accepted. */
  keep(instance: AgentInstance): void {
    if (instance.dialect !== 'flat') return;
    const { env, namespace, name, port, version, methods } = instance;
    this.#published.set(routeKey(instance), { env, namespace, name, port, version, methods });
    const [oldest] = this.#published.keys();
    if (this.#published.size > LIMIT && oldest !== undefined) this.#published.delete(oldest);
  }

  /** Forgets the routes of a service: they were deleted. */
  forget(service: string): void {
    for (const [key, { name }] of this.#published) if (name === service) this.#published.delete(key);
  }

  /** Returns in which fields a register differs from what its service has published. */
  differencesOf(register: PublishedRoutes & RouteOwner): RouteDifference[] {
    const published = this.#published.get(routeKey(register));
    return published ? routeDifferences(published, register) : [];
  }
}
