import type { Fleet } from './mesh/fleet.js';
import type { Router } from './mesh/router.js';
import type { Tally } from './tally.js';

/** The traffic of one service. */
export interface Traffic {
  /** Milliseconds between two calls. */
  readonly every: number;
  /** Milliseconds that the service needs for an answer. */
  readonly takes: number;
}

/** Calls one service at fixed times, whether or not earlier calls have been answered. */
export class Load {
  readonly #router: Router;
  readonly #fleet: Fleet;
  readonly #tally: Tally;
  readonly #open = new Set<Promise<void>>();
  #timer?: NodeJS.Timeout;

  constructor(router: Router, fleet: Fleet, tally: Tally) {
    this.#router = router;
    this.#fleet = fleet;
    this.#tally = tally;
  }

  start({ every, takes }: Traffic): void {
    this.#timer = setInterval(() => {
      const call = this.#call(takes);
      this.#open.add(call);
      void call.then(() => this.#open.delete(call));
    }, every);
  }

  /** Sends no more calls; resolves when all have ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
  }

  async #call(takes: number): Promise<void> {
    const target = this.#router.choose();
    if (!target) return this.#tally.failed('the router knew no instance');
    const instance = this.#fleet.find(target.id);
    if (instance) instance.lastCallAt = performance.now();
    const code = await target.client.get(takes);
    if (code === 'OK') return this.#tally.answered();
    if (code === 'UNAVAILABLE') this.#router.eject(target.id);
    if (instance?.phase === 'killed') this.#tally.lostWithKilled();
    else this.#tally.failed(`${code} from an instance that was ${instance?.phase}`);
  }
}
