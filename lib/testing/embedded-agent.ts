import { describeAgent } from './agent-description.js';
import { AgentEvents } from './server/agent-events.js';
import type { AgentEventListener, AgentEventMap } from './server/agent-events.js';
import type { AgentInstance } from './agent-instance.js';
import { AgentLifecycle } from './server/agent-lifecycle.js';
import type { AgentRequest } from './agent-request.js';
import type { AgentPath } from './server/agent-routes.js';
import { AgentRun } from './server/running-agent.js';
import { EmbeddedAgentError } from './embedded-agent.error.js';
import { completeOptions } from './embedded-agent-options.js';
import type { EmbeddedAgentOptions } from './embedded-agent-options.js';
import { RequestLog } from './server/request-log.js';
import { ScriptedFaults } from './server/scripted-faults.js';
import type { ScriptedFailure } from './server/scripted-faults.js';
import { waitUntil } from './wait-until.js';
import type { Truthy, WaitForOptions } from './wait-until.js';

/**
 * A sidecar-agent in this process: a real HTTP server on loopback that keeps everything in memory, validates as the real
 * agents do, and does wrong what a test tells it to.
 *
 * @example
 * const agent = new EmbeddedAgent();
 * await agent.start();
 * // … start the service with `baseUrl: agent.url` …
 * const auth = await agent.waitFor(() => agent.services().find(({ state }) => state === 'Serving'));
 * expect(auth.methods).toContain('/acme.auth.v1.AuthService/Login');
 * await agent.stop();
 */
export class EmbeddedAgent {
  readonly #options: Readonly<Required<EmbeddedAgentOptions>>;
  readonly #events = new AgentEvents();
  readonly #log = new RequestLog();
  readonly #faults = new ScriptedFaults();
  readonly #lifecycle: AgentLifecycle;
  #silent = false;

  /** @throws {@link EmbeddedAgentError} `invalid_options`, naming every option it cannot use */
  constructor(options: EmbeddedAgentOptions = {}) {
    this.#options = completeOptions(options);
    this.#lifecycle = new AgentLifecycle({
      port: this.#options.port,
      newRun: () => this.#newRun(),
      onChange: () => this.#events.touch(),
    });
  }

  /**
   * Where it listens, for instance `http://127.0.0.1:15010`. It stays the same over stops and restarts.
   *
   * @throws {@link EmbeddedAgentError} `not_started` as long as a free port was asked for and none is taken yet
   */
  get url(): string {
    const { host } = this.#options;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  /**
   * The port of {@link url}.
   *
   * @throws {@link EmbeddedAgentError} `not_started`, as there
   */
  get port(): number {
    const { port } = this.#lifecycle;
    if (port !== 0) return port;
    const message =
      'The embedded agent has no port yet: await agent.start() first, or construct it with a port.';
    throw new EmbeddedAgentError('not_started', message);
  }

  /** How many watch streams are open. */
  get watchers(): number {
    return this.#lifecycle.run?.streams.size ?? 0;
  }

  /**
   * Listens. Nothing happens where it does already. After a {@link stop} it comes back on the same port.
   *
   * @throws {@link EmbeddedAgentError} `port_in_use` or `listen_failed`, as a rejection
   */
  start(): Promise<void> {
    return this.#lifecycle.start();
  }

  /**
   * Ends it like a kill: from this call on nothing is answered, all connections are destroyed, all instances forgotten.
   * {@link requests}, listeners and scripted faults stay. Afterwards nothing of it keeps the process alive. Nothing
   * happens where it is stopped already.
   */
  stop(): Promise<void> {
    return this.#lifecycle.stop();
  }

  /**
   * A {@link stop} and a {@link start} on the same port: the agent comes back and knows nobody.
   *
   * @throws {@link EmbeddedAgentError} `port_in_use`, as a rejection, where another process was quicker
   */
  restart(): Promise<void> {
    return this.#lifecycle.restart();
  }

  /** The instances it holds in the order they came, then the deregistered ones, the last one first. */
  services(): readonly AgentInstance[] {
    return this.#lifecycle.run?.registry.snapshot() ?? [];
  }

  /** The requests it has seen, the oldest first: the latest 10 000, and fewer where their bodies exceed 64 MiB. */
  requests(): readonly AgentRequest[] {
    return this.#log.snapshot();
  }

  /** Calls a listener at every event of a sort. What it throws becomes an uncaught exception and disturbs nothing else. */
  on<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): this {
    this.#events.on(event, listener);
    return this;
  }

  /** Ends what {@link on} began. */
  off<K extends keyof AgentEventMap>(event: K, listener: AgentEventListener<K>): this {
    this.#events.off(event, listener);
    return this;
  }

  /**
   * Waits until a condition holds: looks at once, then at every event, at every start and stop.
   *
   * @param predicate must not be async; called with this agent
   * @returns what the predicate returned, without its falsy values
   * @throws {@link EmbeddedAgentError} `wait_timeout`, as a rejection that tells what there was to see; what the
   * predicate throws comes out as it is
   *
   * @example
   * const drain = await agent.waitFor((a) => a.requests().find(({ path }) => path === '/drain'), { timeout: 1_000 });
   */
  waitFor<T>(predicate: (agent: EmbeddedAgent) => T, options: WaitForOptions = {}): Promise<Truthy<T>> {
    return waitUntil(() => predicate(this), options, {
      observe: (observer) => this.#events.observe(observer),
      describe: () => describeAgent(this),
    });
  }

  /**
   * Scripts the answer to the next request to a path, or the next few; several scripts for a path are used up in order.
   * Unless it says `landed`, such a request has no effect.
   *
   * @throws {@link EmbeddedAgentError} `invalid_options` for a path or an answer that does not exist
   *
   * @example
   * agent.failNext('/register', { status: 500, times: 3 });
   */
  failNext(path: AgentPath, failure: ScriptedFailure): void {
    this.#faults.failNext(path, failure);
  }

  /** Accepts requests to a path and lets them wait, with no effect, until {@link resume}. A stop throws them away. */
  hang(path: AgentPath): void {
    this.#faults.hang(path);
  }

  /** Ends a {@link hang}: what waited is done now, even where its client has left, as a slow agent would. */
  resume(path: AgentPath): void {
    this.#faults.resume(path);
  }

  /** Breaks all watch streams, without a proper end. Their clients may come again at once. */
  dropStreams(): void {
    this.#lifecycle.run?.streams.drop();
  }

  /** Writes text as it is to all watch streams: an event of your own, or half a frame. */
  writeToStreams(text: string): void {
    this.#lifecycle.run?.streams.write(text);
  }

  /** No more heartbeats; the streams stay open, and new ones still begin with `connected`. */
  silence(): void {
    this.#silent = true;
  }

  /** Ends {@link silence}. */
  unsilence(): void {
    this.#silent = false;
  }

  #newRun(): AgentRun {
    return new AgentRun({
      options: this.#options,
      events: this.#events,
      log: this.#log,
      faults: this.#faults,
      isSilent: () => this.#silent,
    });
  }
}
