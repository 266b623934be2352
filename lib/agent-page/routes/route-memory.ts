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
  readonly #published = new Map<string, PublishedRoutes>();

  /**
   * Remembers the routes of an instance that the agent accepted: they are published, whatever was
   * before.
   */
  keep(instance: AgentInstance): void {
    if (instance.dialect !== 'flat') return;
    const { port, version, methods } = instance;
    this.#published.set(routeKey(instance), { port, version, methods });
    const [oldest] = this.#published.keys();
    if (this.#published.size > LIMIT && oldest !== undefined) this.#published.delete(oldest);
  }

  /** Returns in which fields a register differs from what its service has published. */
  differencesOf(register: PublishedRoutes & RouteOwner): RouteDifference[] {
    const published = this.#published.get(routeKey(register));
    return published ? routeDifferences(published, register) : [];
  }
}
