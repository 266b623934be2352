import { GreeterClient } from './greeter.js';

/** The time between two calls of one caller, in milliseconds. */
const EVERY = 5;

/** Callers that call a port all the time, each over a connection of its own. */
export class ConstantCallers {
  /** What went wrong, one entry for each failed call. */
  readonly failures: string[] = [];
  answered = 0;
  readonly #clients: readonly GreeterClient[];
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #open = new Set<Promise<void>>();

  constructor(port: number, callers = 8) {
    const own = { 'grpc.use_local_subchannel_pool': 1 };
    this.#clients = Array.from({ length: callers }, () => new GreeterClient(port, own));
    this.#timers = this.#clients.map((client) => setInterval(() => this.#call(client), EVERY));
  }

  /** Waits until so many more calls are answered. */
  async answers(count: number): Promise<void> {
    const enough = this.answered + count;
    while (this.answered < enough) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends the load, and waits for the calls in flight. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#open);
    for (const client of this.#clients) client.close();
  }

  #call(client: GreeterClient): void {
    const call = client.greet('ada').then(
      () => void (this.answered += 1),
      (error: unknown) => void this.failures.push(String(error)),
    );
    this.#open.add(call);
    void call.then(() => this.#open.delete(call));
  }
}
