import type { EmbeddedAgent } from '../../../lib/testing/index.js';
import { GreeterClient } from '../../support/greeter.js';

/** The time between two calls, in milliseconds. */
const EVERY = 10;

/**
 * Calls a greeter while it is `Serving`, as far as it knows: it learns each state some time after
 * the agent. An agent that restarts tells no state, so the caller goes on.
 */
export class LeavingCaller {
  /** What went wrong, one entry for each failed call. */
  readonly failures: string[] = [];
  answered = 0;
  readonly #client: GreeterClient;
  readonly #open = new Set<Promise<void>>();
  readonly #holds: boolean;
  #timer?: NodeJS.Timeout;
  #held = false;

  /** @param holds whether the first call is one that is in flight until {@link release} */
  constructor(port: number, agent: EmbeddedAgent, lag: number, holds: boolean) {
    this.#client = new GreeterClient(port);
    this.#holds = holds;
    agent.on('instance', ({ state }) => {
      if (state === 'Serving') setTimeout(() => this.#begin(), lag).unref();
      if (state === 'Draining' || state === 'Deregistered') setTimeout(() => this.#end(), lag).unref();
    });
  }

  /** Lets the held call end, by a call of its own. */
  release(): void {
    if (this.#held) this.#call('release');
  }

  /** Waits for the calls in flight. */
  async close(): Promise<void> {
    this.#end();
    this.#held = false;
    await Promise.all(this.#open);
    this.#client.close();
  }

  #begin(): void {
    if (this.#timer) return;
    this.#timer = setInterval(() => this.#call('ada'), EVERY);
    if (!this.#holds || this.#held) return;
    this.#held = true;
    this.#call('hold');
  }

  #end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #call(name: string): void {
    const call = this.#client.greet(name).then(
      () => void (this.answered += 1),
      (error: unknown) => void this.failures.push(`${name}: ${String(error)}`),
    );
    this.#open.add(call);
    void call.then(() => this.#open.delete(call));
  }
}
