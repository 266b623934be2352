import type { EmbeddedAgent } from '../../../lib/testing/index.js';
import { GreeterClient } from '../../support/greeter.js';

/** The time between two calls, in milliseconds. */
const EVERY = 10;

/**
 * Calls a greeter while it is `Serving`, as far as it knows: it learns each state some time after
 * the agent.
 */
export class LeavingCaller {
  /** What went wrong, one entry for each failed call. */
  readonly failures: string[] = [];
  answered = 0;
  readonly #client: GreeterClient;
  readonly #open = new Set<Promise<void>>();
  readonly #lag: number;
  readonly #holds: boolean;
  #timer?: NodeJS.Timeout;
  #held = false;
  #closed = false;

  /** @param holds whether the first call is one that is in flight until {@link release} */
  constructor(port: number, agent: EmbeddedAgent, lag: number, holds: boolean) {
    this.#client = new GreeterClient(port);
    this.#lag = lag;
    this.#holds = holds;
    agent.on('instance', ({ state }) => {
      if (state === 'Serving') this.#later(() => this.#begin());
      if (state === 'Draining' || state === 'Deregistered') this.forget();
    });
  }

  /** Lets the held call end, by a call of its own. */
  readonly release = (): void => {
    if (this.#held) this.#call('release');
  };

  /** Calls no more, from when the caller knows of it: the agent does not list the greeter. */
  forget(): void {
    this.#later(() => this.#end());
  }

  /** Waits for the calls in flight. */
  async close(): Promise<void> {
    this.#end();
    this.#closed = true;
    this.#held = false;
    await Promise.all(this.#open);
    this.#client.close();
  }

  #later(act: () => void): void {
    setTimeout(act, this.#lag).unref();
  }

  #begin(): void {
    if (this.#timer || this.#closed) return;
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
