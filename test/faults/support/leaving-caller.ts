import type { EmbeddedAgent } from '../../../lib/testing/index.js';
import { GreeterClient } from '../../support/greeter.js';

/** How a caller calls, and when it learns. Durations are milliseconds. */
export interface LeavingCallerSettings {
  /** How much later than the agent the caller knows a state. */
  readonly lag: number;
  /** The time from one batch of calls to the next, 10 by default. */
  readonly every?: number;
  /** How many calls a batch has, 1 by default. */
  readonly batch?: number;
  /** Whether the first call is one that is in flight until {@link LeavingCaller.release}. */
  readonly holds?: boolean;
}

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
  readonly #settings: Required<LeavingCallerSettings>;
  #timer?: NodeJS.Timeout;
  #held = false;
  #closed = false;

  constructor(port: number, agent: EmbeddedAgent, settings: LeavingCallerSettings) {
    this.#client = new GreeterClient(port);
    this.#settings = { every: 10, batch: 1, holds: false, ...settings };
    agent.on('instance', ({ port: itsPort, state }) => {
      if (itsPort !== port) return;
      if (state === 'Serving') this.#later(() => this.#begin());
      if (state === 'Draining' || state === 'Deregistered') this.forget();
    });
  }

  /** Lets the held call end, by a call of its own. */
  readonly release = (): void => {
    if (this.#held) this.#call('release');
  };

  /**
   * Calls no more, from when the caller knows of it: the agent does not list the greeter.
   *
   * @param lag milliseconds from now until the caller knows; as for a state by default
   */
  forget(lag?: number): void {
    this.#later(() => this.#end(), lag);
  }

  /** Waits for the calls in flight. */
  async close(): Promise<void> {
    this.#end();
    this.#closed = true;
    this.#held = false;
    await Promise.all(this.#open);
    this.#client.close();
  }

  #later(act: () => void, lag = this.#settings.lag): void {
    setTimeout(act, lag).unref();
  }

  #begin(): void {
    if (this.#timer || this.#closed) return;
    this.#timer = setInterval(() => this.#callBatch(), this.#settings.every);
    this.#callBatch();
    if (!this.#settings.holds || this.#held) return;
    this.#held = true;
    this.#call('hold');
  }

  #end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #callBatch(): void {
    for (let calls = 0; calls < this.#settings.batch; calls += 1) this.#call('ada');
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
