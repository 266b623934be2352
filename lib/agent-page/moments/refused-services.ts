import type { RefusedView } from '../view/page-state.js';
import type { AgentMoment } from './agent-moment.js';

/** The most services that are kept. The oldest is dropped for a new one. */
const LIMIT = 100;

/** The services whose latest register was refused. */
export class RefusedServices {
  readonly #refused = new Map<string, RefusedView>();
  /** The services that spoke the other dialect last: most repeat the call at once. */
  readonly #probing = new Set<string>();

  /** Returns the services, the one that was refused last first. */
  get views(): readonly RefusedView[] {
    return [...this.#refused.values()].reverse();
  }

  /** Returns the ports of the services. */
  get ports(): readonly number[] {
    const ports = [...this.#refused.values()].map(({ port }) => port);
    return [...new Set(ports)].filter((port) => port !== undefined);
  }

  /**
   * Drops the services of a port: the process that listened there has ended. Returns whether there
   * were any.
   */
  drop(port: number): boolean {
    const found = [...this.#refused.values()].filter((view) => view.port === port);
    for (const { key } of found) this.#refused.delete(key);
    return found.length > 0;
  }

  /** Takes a moment in; returns whether the services have changed. */
  add(moment: AgentMoment): boolean {
    const { event, service, port, refusal } = moment;
    const key = `${service ?? ''}:${port ?? ''}`;
    const isAccepted = event === 'registered' || event === 'again';
    const isRefused = event === 'refused' && refusal?.path === '/register';
    if (!isAccepted && !isRefused) return false;
    const isFirstProbe = refusal?.isProbe === true && !this.#probing.has(key);
    if (!refusal?.isProbe) this.#probing.delete(key);
    else if (this.#probing.size < LIMIT) this.#probing.add(key);
    // One process listens on a port: what is refused there under another name has ended.
    if (event === 'registered' && port !== undefined && this.drop(port)) return true;
    if (isAccepted) return this.#refused.delete(key);
    return !isFirstProbe && this.#keep(key, moment);
  }

  #keep(key: string, { at, service, port, refusal }: AgentMoment): boolean {
    if (!refusal) return false;
    const count = (this.#refused.get(key)?.count ?? 0) + 1;
    this.#refused.delete(key);
    this.#refused.set(key, { key, service, port, count, at, refusal });
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > LIMIT && oldest !== undefined) this.#refused.delete(oldest);
    return true;
  }
}
