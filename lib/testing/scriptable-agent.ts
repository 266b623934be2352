import { EmbeddedAgentError } from './embedded-agent.error.js';
import type { LoseOptions } from './lose-options.js';
import type { ScriptedFailure } from './scripted-failure.js';
import type { AgentParts } from './server/agent-parts.js';
import type { AgentPath } from './server/agent-routes.js';

/** What a test lets an {@link EmbeddedAgent} do: fail, hang, be slow, be silent, lose services. */
export abstract class ScriptableAgent {
  readonly #parts: AgentParts;

  /** @internal */
  protected constructor(parts: AgentParts) {
    this.#parts = parts;
  }

  /**
   * Scripts the answer to the next requests to a path. Several scripts for one path are used in
   * order. The scripted request has no effect unless `landed` is set.
   *
   * @throws {@link EmbeddedAgentError} `invalid_options` if the path, `status` or `times` is wrong
   * @throws `TypeError` from `node:http` if a header is invalid
   * @example
   * ```ts
   * agent.failNext('/register', { status: 500, times: 3 });
   * ```
   */
  failNext(path: AgentPath, failure: ScriptedFailure): void {
    this.#parts.faults.failNext(path, failure);
  }

  /**
   * Delays all answers of a path, as an agent does that walks a large catalog. The agent performs a
   * request when it arrives, even if its client does not wait for the answer; of `/watch` it delays
   * the headers. Requests that arrived before keep their delay. A stop drops waiting answers.
   *
   * @param milliseconds 0 to 2147483647; 0 ends the delay
   * @throws {@link EmbeddedAgentError} `invalid_options` if the path or `milliseconds` is wrong
   * @example
   * ```ts
   * agent.slow('/register', 1_400);
   * ```
   */
  slow(path: AgentPath, milliseconds: number): void {
    this.#parts.faults.slow(path, milliseconds);
  }

  /**
   * Delays the answer to the next request to a path alone. Several delays are used in order, before
   * that of {@link slow}.
   *
   * @internal
   */
  delayNext(path: AgentPath, milliseconds: number): void {
    this.#parts.faults.delayNext(path, milliseconds);
  }

  /**
   * Holds all requests to a path, without effect, until {@link resume}. A stop drops them. At most
   * 10 000 are held; then the oldest is dropped for a new one.
   */
  hang(path: AgentPath): void {
    this.#parts.faults.hang(path);
  }

  /** Ends {@link hang} and performs the held requests, even if their client has disconnected. */
  resume(path: AgentPath): void {
    this.#parts.faults.resume(path);
  }

  /**
   * Deletes the route document of a service, as an operator does after a `route document conflict`:
   * see {@link EmbeddedAgentOptions.routeConflicts}. The next register publishes a new one.
   *
   * @param name the name of the service (`name` of a register)
   * @returns whether there was one
   * @example
   * ```ts
   * agent.forgetRoutes('auth'); // The service may now register other methods.
   * ```
   */
  forgetRoutes(name: string): boolean {
    return this.#parts.routes.forget(name);
  }

  /**
   * Lets the registry behind the agent lose all instances of a service, as Consul does if it
   * restarts empty. Streams stay open, and no call tells the service.
   *
   * - Flat dialect: the agent does not notice, and {@link EmbeddedAgent.services} still lists the
   *   instances. A register that is equal to the first one is answered 400, `CheckID "…" does not
   *   have associated TTL`, and a drain 400, `No service registered with ID "…"`. A deregister
   *   followed by a register helps. With `curable: false` every register (`Unknown check ID "…"`),
   *   drain and deregister (`Unknown service ID "…"`) is answered 400 until
   *   {@link EmbeddedAgent.restart}. The route document is lost too.
   * - Node dialect: the instances are deregistered. The next register makes a new instance; a drain
   *   or deregister before it is answered 400.
   *
   * @param name the name of the service (`service.name` or `name` of a register)
   * @throws {@link EmbeddedAgentError} `invalid_options` if the agent holds no instance of the name
   * @example
   * ```ts
   * agent.lose('auth');
   * await agent.waitFor(() => agent.requests().some(({ path }) => path === '/deregister'));
   * ```
   */
  lose(name: string, options: LoseOptions = {}): void {
    const { curable = true } = options;
    if ((this.#parts.lifecycle.running?.lose(name, curable) ?? 0) > 0) return;
    const fault = `name: must be a service that the agent holds, got ${JSON.stringify(name)}`;
    throw new EmbeddedAgentError('invalid_options', `Cannot lose a service: ${fault}.`, { faults: [fault] });
  }

  /** Breaks all watch streams without a proper end. Clients can reconnect immediately. */
  dropStreams(): void {
    this.#parts.lifecycle.running?.streams.drop();
  }

  /** Writes raw text to all watch streams, for example your own event or half a frame. */
  writeToStreams(text: string): void {
    this.#parts.lifecycle.running?.streams.write(text);
  }

  /** Stops the heartbeats. Streams stay open, and new ones still start with `connected`. */
  silence(): void {
    this.#parts.isSilent = true;
  }

  /**
   * Whether {@link silence} was called last.
   *
   * @internal
   */
  get isSilent(): boolean {
    return this.#parts.isSilent;
  }

  /** Ends {@link silence}. */
  unsilence(): void {
    this.#parts.isSilent = false;
  }
}
