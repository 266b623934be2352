import type { AgentDialect } from './agent-dialect.js';
import type { AgentEventListener, AgentEventMap } from './agent-event-map.js';
import type { AgentInstance } from './agent-instance.js';
import type { AgentRequest } from './agent-request.js';
import { EmbeddedAgentError } from './embedded-agent.error.js';
import { completeOptions, type EmbeddedAgentOptions } from './embedded-agent-options.js';
import { ScriptableAgent } from './scriptable-agent.js';
import { AgentParts } from './server/agent-parts.js';
import { describeAgent } from './server/describe-agent.js';
import { type TestOptions, testOptions } from './test-options.js';
import type { AgentExtension } from './server/agent-extension.js';
import type { RouteDocument } from './wire/route-document.js';
import { type Truthy, type WaitForOptions, waitUntil } from './wait-until.js';

/**
 * A sidecar-agent for your tests. It runs in the test's process as a real HTTP server on loopback,
 * keeps all data in memory, validates requests like the real agents, and fails when a test says so.
 *
 * @example
 * ```ts
 * const agent = new EmbeddedAgent();
 * await agent.start();
 * // Start your app with `baseUrl: agent.url`, then:
 * const auth = await agent.waitFor(() => agent.services().find((s) => s.state === 'Serving'));
 * expect(auth.methods).toContain('/acme.auth.v1.AuthService/Login');
 * await agent.stop();
 * ```
 */
export class EmbeddedAgent extends ScriptableAgent {
  readonly #parts: AgentParts;

  /** @throws {@link EmbeddedAgentError} `invalid_options`, with every fault of the options */
  constructor(options: EmbeddedAgentOptions = {}) {
    const parts = new AgentParts(completeOptions(options));
    super(parts);
    this.#parts = parts;
  }

  /**
   * The base URL, for example `http://127.0.0.1:15010`. It stays the same when the agent restarts.
   *
   * @throws {@link EmbeddedAgentError} `not_started` if the `port` option is 0 and the agent was
   * never started
   */
  get url(): string {
    const { host } = this.#parts.options;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  /**
   * The port of {@link url}.
   *
   * @throws {@link EmbeddedAgentError} `not_started`, like {@link url}
   */
  get port(): number {
    const { port } = this.#parts.lifecycle;
    if (port !== 0) return port;
    const advice = 'await agent.start() first, or set the port option';
    throw new EmbeddedAgentError('not_started', `The embedded agent has no port yet: ${advice}.`);
  }

  /**
   * Returns options of `SidecarAgentModule` with which a service registers here, recovers and
   * closes quickly: `app.close()` takes milliseconds, and at most 4 s if the agent or a call hangs.
   * That is less than the 5 s that Jest gives a test or a hook. The 4 s are the default of
   * `shutdownTimeout`: `gracePeriod` and three times `requestTimeout`. With a longer `gracePeriod`
   * a hook may need more than 5 s: raise the limit of your test runner, too.
   *
   * @returns `baseUrl`, `drainDelay: 0`, `gracePeriod: '1s'`, `requestTimeout: '1s'`,
   * `reconnectInterval: 50` (milliseconds) and `maxReconnectInterval: 200` (milliseconds).
   * {@link TestOptions} says why each option has its value
   * @throws {@link EmbeddedAgentError} `not_started`, like {@link url}
   * @example
   * ```ts
   * SidecarAgentModule.forRoot({ app, service, grpc, ...agent.options() })
   * ```
   */
  options(): TestOptions {
    return testOptions(this.url);
  }

  /** The dialect that the agent understands. */
  get dialect(): AgentDialect | 'both' {
    return this.#parts.options.dialect;
  }

  /** The path of the Unix socket on which the agent listens as well; `undefined` if on none. */
  get socketPath(): string | undefined {
    return this.#parts.options.socketPath;
  }

  /** The number of open watch streams. */
  get watchers(): number {
    return this.#parts.lifecycle.running?.streams.size ?? 0;
  }

  /**
   * Starts to listen. Does nothing if the agent already listens. After a {@link stop} the agent
   * listens on the same port again.
   *
   * @throws {@link EmbeddedAgentError} `port_in_use` or `listen_failed`, as a rejection
   */
  start(): Promise<void> {
    return this.#parts.lifecycle.start();
  }

  /**
   * Stops the agent like a kill: it answers no more requests, destroys all connections and forgets
   * all instances. {@link requests}, listeners and scripted failures stay. A stopped agent does not
   * keep the process alive. Does nothing if the agent is already stopped.
   */
  stop(): Promise<void> {
    return this.#parts.lifecycle.stop();
  }

  /**
   * Stops the agent and starts it on the same port, without the instances it had.
   *
   * @throws {@link EmbeddedAgentError} `port_in_use`, as a rejection, if another process took the
   * port in between
   */
  restart(): Promise<void> {
    return this.#parts.lifecycle.restart();
  }

  /** Returns the instances in the order they registered, then deregistered ones, latest first. */
  services(): readonly AgentInstance[] {
    return this.#parts.lifecycle.running?.registry.snapshot() ?? [];
  }

  /** Returns the latest requests, oldest first: at most 10 000, and at most 64 MiB of bodies. */
  requests(): readonly AgentRequest[] {
    return this.#parts.log.snapshot();
  }

  /**
   * Adds a listener for an event. An error that it throws becomes an uncaught exception, so that
   * the test fails; the agent and the other listeners continue.
   */
  on<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): this {
    this.#parts.events.on(event, listener);
    return this;
  }

  /** Removes a listener that {@link on} added. */
  off<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): this {
    this.#parts.events.off(event, listener);
    return this;
  }

  /**
   * Adds what stands beside the API of the agent, such as a page.
   *
   * @internal
   * @throws {@link EmbeddedAgentError} `invalid_options` if there is one
   */
  extend(extension: AgentExtension): void {
    if (this.#parts.extension !== undefined) {
      const fault = 'the agent has a page';
      throw new EmbeddedAgentError('invalid_options', `Cannot add a page: ${fault}.`, { faults: [fault] });
    }
    this.#parts.extension = extension;
  }

  /**
   * Returns the route document that is published under a key.
   *
   * @internal
   */
  routeDocument(key: string): RouteDocument | undefined {
    return this.#parts.routes.find(key);
  }

  /**
   * Waits until the predicate returns a truthy value. It is called immediately, then after every
   * event, start and stop.
   *
   * @param predicate must not be async
   * @returns the value that the predicate returned
   * @throws {@link EmbeddedAgentError} `wait_timeout`, as a rejection whose message describes the
   * agent; also rejects with any error that the predicate throws
   * @example
   * ```ts
   * const drain = await agent.waitFor((a) => a.requests().find(({ path }) => path === '/drain'));
   * ```
   */
  waitFor<T>(predicate: (agent: EmbeddedAgent) => T, options: WaitForOptions = {}): Promise<Truthy<T>> {
    return waitUntil(() => predicate(this), options, {
      observe: (observer) => this.#parts.events.observe(observer),
      describe: () => describeAgent(this),
    });
  }
}
