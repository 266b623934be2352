import type { RefusedView } from '../view/page-state.js';
import type { AgentMoment } from './agent-moment.js';

/** The most services that are kept. The oldest is dropped for a new one. */
const LIMIT = 100;

/** The services whose latest register was refused. */
export class RefusedServices {
  readonly #refused = new Map<string, RefusedView>();

  /** Returns the services, the one that was refused last first. */
  get views(): readonly RefusedView[] {
    return [...this.#refused.values()].reverse();
  }

  /** Takes a moment in; returns whether the services have changed. */
  add({ event, at, service, port, refusal }: AgentMoment): boolean {
    const key = `${service ?? ''}:${port ?? ''}`;
    if (event === 'registered' || event === 'again') return this.#refused.delete(key);
    if (event !== 'refused' || refusal?.path !== '/register' || refusal.isProbe) return false;
    const count = (this.#refused.get(key)?.count ?? 0) + 1;
    this.#refused.delete(key);
    this.#refused.set(key, { key, service, port, count, at, refusal });
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > LIMIT && oldest !== undefined) this.#refused.delete(oldest);
    return true;
  }
}
