import type { RefusedView } from '../view/page-state.js';
import type { AgentMoment } from './agent-moment.js';

/** The most services that are kept. The oldest is dropped for a new one. */
const LIMIT = 100;

/**
 * How long a service is kept that does not try again, in milliseconds. The module tries again after
 * `maxReconnectInterval`, 5 s by default.
 */
export const KEPT_FOR = 2 * 60_000;

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
    return this.#dropWhere((view) => view.port === port);
  }

  /**
   * Drops the services that have stopped trying. Returns whether there were any.
   *
   * @param now milliseconds since 1970
   */
  expire(now: number): boolean {
    return this.#dropWhere(({ at, refusal }) => !refusal.isFinal && now - Date.parse(at) > KEPT_FOR);
  }

  /** Takes a moment in; returns whether the services have changed. */
  add(moment: AgentMoment): boolean {
    const { event, service, port, refusal } = moment;
    const key = `${service ?? ''}:${port ?? ''}`;
    const isAccepted = event === 'registered' || event === 'again';
    const isRefused = refusal?.path === '/register';
    if (!isAccepted && !isRefused) return false;
    const isFirstProbe = refusal?.isProbe === true && !this.#probing.has(key);
    this.#probing.delete(key);
    if (refusal?.isProbe) keepLatest(this.#probing.add(key));
    if (event === 'registered') return this.#dropReplaced(moment);
    if (isAccepted) return this.#refused.delete(key);
    return !isFirstProbe && this.#keep(key, moment);
  }

  /**
   * Drops what a new instance replaces: one process listens on a port, and one has an instance id,
   * so what was refused there under another name has ended.
   */
  #dropReplaced({ port, instanceId }: AgentMoment): boolean {
    return this.#dropWhere(
      (view) =>
        (port !== undefined && view.port === port) ||
        (instanceId !== undefined && view.instanceId === instanceId),
    );
  }

  #dropWhere(isDropped: (view: RefusedView) => boolean): boolean {
    const found = [...this.#refused.values()].filter(isDropped);
    for (const { key } of found) this.#refused.delete(key);
    return found.length > 0;
  }

  #keep(key: string, { at, service, port, instanceId, refusal }: AgentMoment): boolean {
    if (!refusal) return false;
    const count = (this.#refused.get(key)?.count ?? 0) + 1;
    this.#refused.delete(key);
    this.#refused.set(key, { key, service, port, instanceId, count, at, refusal });
    keepLatest(this.#refused);
    return true;
  }
}

/** Deletes the oldest key if there are too many. */
function keepLatest(all: Set<string> | Map<string, unknown>): void {
  const [oldest] = all.keys();
  if (all.size > LIMIT && oldest !== undefined) all.delete(oldest);
}
