import type {
  BeforeApplicationShutdown,
  Logger,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
} from '@nestjs/common';
import type { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import type { Subscription } from 'rxjs';
import type { InFlightCalls } from '../calls/in-flight-calls.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import type { SidecarAgent } from '../sidecar-agent.js';
import { settledWithin } from '../timing/settled-within.js';
import type { SidecarClock } from '../timing/sidecar-clock.js';
import { countRequests } from './counted-requests.js';
import type { CloseBounds } from './graceful-close.js';
import type { GrpcServerBinding, ServerListener } from './grpc-server.binding.js';
import { StartReminder } from './start.reminder.js';

/** What the lifecycle works with. */
export interface LifecycleParts {
  readonly options: ResolvedOptions;
  readonly agent: SidecarAgent;
  readonly calls: InFlightCalls;
  /** Takes note of an error that nobody waits for. */
  readonly report: (error: SidecarAgentError) => void;
  readonly binding: GrpcServerBinding;
  readonly modules: ModulesContainer;
  readonly http: HttpAdapterHost;
  readonly clock: SidecarClock;
  readonly logger: Logger;
}

/**
 * Ties the registration to the application's life. It announces once the application is booted **and** the server is
 * bound, in whichever order Nest gets there, and leaves at the first sign of the end: the server's close or
 * `beforeApplicationShutdown`, both with the port still open.
 */
export class SidecarAgentLifecycle
  implements
    OnApplicationBootstrap,
    OnModuleDestroy,
    BeforeApplicationShutdown,
    OnApplicationShutdown,
    ServerListener
{
  /** Resolves when the shutdown hooks have run, whoever closed the application. */
  readonly ended: Promise<void>;
  #resolveEnded = () => {};
  #ending = false;
  readonly #parts: LifecycleParts;
  readonly #reminder: StartReminder;
  readonly #subscriptions: Subscription[] = [];
  #booted = false;
  #closeBy?: number;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#reminder = new StartReminder(parts.clock, parts.logger, () => parts.agent.node !== undefined);
    const { options, binding, modules, http } = parts;
    if (!options.enabled) return;
    if (this.#speaksHttp) {
      this.#subscriptions.push(http.listen$.subscribe(() => void this.#httpListens()));
      return;
    }
    binding.tell(this);
    // Replays the servers that are there and tells those that come: all of them before they listen.
    this.#subscriptions.push(
      modules.getRpcTargetRegistry<unknown>().subscribe((target) => binding.attach(target)),
    );
  }

  get agent(): SidecarAgent {
    return this.#parts.agent;
  }

  /** The bound of the leave, in milliseconds. */
  get shutdownTimeout(): number {
    return this.#parts.options.shutdownTimeout;
  }

  /** Whether the shutdown hooks have begun to run. */
  get isEnding(): boolean {
    return this.#ending;
  }

  /** Nest may run it twice. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.#booted && this.#parts.options.enabled && this.#speaksHttp) {
      countRequests(this.#parts.http.httpAdapter?.getHttpServer(), this.#parts.calls);
    }
    this.#booted = true;
    await this.#goOn();
  }

  async bound(): Promise<void> {
    await this.#goOn();
  }

  refused(failure: unknown): void {
    this.#reminder.cancel();
    const why = failure instanceof Error ? failure.message : String(failure);
    this.#parts.logger.warn(`No gRPC server is bound, so nothing is registered: ${why}`);
  }

  /**
   * Begins to leave, and waits for nothing: Nest runs `beforeApplicationShutdown` of one module after the other, and the waits
   * of two would add up.
   */
  onModuleDestroy(): void {
    this.#ending = true;
    void this.closing();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.closing();
  }

  onApplicationShutdown(): void {
    this.#resolveEnded();
  }

  async closing(): Promise<void> {
    const { clock, options, agent } = this.#parts;
    this.#reminder.cancel();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#closeBy ??= clock.elapsed() + options.shutdownTimeout;
    await agent.shutdown();
  }

  closeBounds(): CloseBounds {
    const { clock } = this.#parts;
    return { clock, rest: (this.#closeBy ?? 0) - clock.elapsed() };
  }

  get #speaksHttp(): boolean {
    return this.#parts.options.identity.protocol === 'http';
  }

  /** Nest does not wait for those who are told that its HTTP server listens, and `listen()` does not fail with them. */
  async #httpListens(): Promise<void> {
    try {
      await this.#goOn();
    } catch (thrown) {
      this.#parts.report(SidecarAgentError.from(thrown));
    }
  }

  async #goOn(): Promise<void> {
    if (!this.#parts.options.enabled) return;
    const bound = this.#speaksHttp ? this.#parts.http.listening : this.#parts.binding.isBound;
    if (this.#booted && bound) {
      this.#reminder.announced();
      await this.#announce();
    } else {
      this.#reminder.halfStarted({ booted: this.#booted, protocol: this.#parts.options.identity.protocol });
    }
  }

  async #announce(): Promise<void> {
    const { agent, options, clock, logger } = this.#parts;
    await agent.start();
    if (options.waitForRegistration === 0) return;
    // A service that leaves meanwhile is waited for no more, and warned of neither.
    const inTime = await settledWithin(clock, options.waitForRegistration, agent.registered());
    if (!inTime) {
      const waited = options.waitForRegistration;
      logger.warn(
        `Not registered within ${waited} ms (waitForRegistration): start-up goes on, and so do the tries`,
      );
    }
  }
}
