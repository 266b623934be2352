import { eventually } from '../../support/eventually.js';
import { GreeterClient } from '../../support/greeter.js';
import type { CatalogWatch } from './catalog-watch.js';

/** The time between two calls, in milliseconds. */
const EVERY = 5;

/** Calls the greeters that pass, in turn, as the catalog says at that moment. */
export class CatalogCallers {
  /** What went wrong, one entry for each failed call. */
  readonly failures: string[] = [];
  readonly #watch: CatalogWatch;
  /** By the port of the instance. */
  readonly #answered = new Map<number, number>();
  readonly #clients = new Map<number, GreeterClient>();
  readonly #open = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #turn = 0;

  constructor(watch: CatalogWatch) {
    this.#watch = watch;
    this.#timer = setInterval(() => this.#call(), EVERY);
  }

  /** Waits until each of these ports has answered so many calls, or a call has failed. */
  async answer(count: number, ports: readonly number[]): Promise<void> {
    const isEnough = (port: number) => (this.#answered.get(port) ?? 0) >= count;
    await eventually(() => this.failures.length > 0 || ports.every(isEnough), 20_000);
  }

  /** Ends the load, and waits for the calls in flight. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    for (const client of this.#clients.values()) client.close();
  }

  #call(): void {
    const { passing, entries } = this.#watch;
    const ports = entries
      .filter(({ Service }) => passing.includes(Service.ID))
      .map(({ Service }) => Service.Port);
    const port = ports[this.#turn++ % ports.length];
    if (port === undefined) return void this.failures.push('no instance passes');
    const call = this.#clientOf(port)
      .greet('ada')
      .then(
        () => void this.#answered.set(port, (this.#answered.get(port) ?? 0) + 1),
        (error: unknown) => void this.failures.push(`${port}: ${String(error)}`),
      );
    this.#open.add(call);
    void call.then(() => this.#open.delete(call));
  }

  #clientOf(port: number): GreeterClient {
    const client = this.#clients.get(port) ?? new GreeterClient(port);
    this.#clients.set(port, client);
    return client;
  }
}
