import type {
  BeforeApplicationShutdown,
  Logger,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
} from '@nestjs/common';
import type { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import type { Subscription } from 'rxjs';
import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { SidecarAgent } from '../sidecar-agent.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { boundHttpClose } from './bound-http-close.js';
import { countRequests } from '../in-flight/counted-requests.js';
import type { CloseBounds } from './graceful-close.js';
import type { GrpcServerBinding, ServerListener } from './grpc-server-binding.js';
import { StartReminder } from './start-reminder.js';
import { waitForRegistration } from './wait-for-registration.js';

/** Known to every copy of the package: an application may have its own beside that of who runs it. */
const LIFECYCLE = Symbol.for('nestjs-sidecar-agent:lifecycle');

/** What decides how the application starts and ends. Durations are milliseconds. */
export interface LifecycleSettings {
  readonly enabled: boolean;
  readonly protocol: 'grpc' | 'http';
  /** How long start-up waits for the first register, 0 for not at all. */
  readonly waitForRegistration: number;
  /** The bound of the whole leave. */
  readonly shutdownTimeout: number;
}

/** What the lifecycle works with. */
export interface LifecycleParts {
  readonly settings: LifecycleSettings;
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
  readonly [LIFECYCLE] = true;
  /** Resolves when the shutdown hooks have run, whoever closed the application. */
  readonly ended: Promise<void>;
  #resolveEnded = () => {};
  #ending = false;
  readonly #parts: LifecycleParts;
  readonly #reminder: StartReminder;
  readonly #subscriptions: Subscription[] = [];
  #booted = false;
  #closeBy?: number;
  #announced: Promise<void> = Promise.resolve();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#reminder = new StartReminder(parts.clock, parts.logger, () => parts.agent.node !== undefined);
    const { settings, binding, modules, http } = parts;
    if (!settings.enabled) return;
    if (this.#speaksHttp) {
      this.#subscriptions.push(http.listen$.subscribe(() => this.#httpListens()));
      return;
    }
    binding.tell(this);
    // Replays the servers that are there and tells those that come: all of them before they listen.
    this.#subscriptions.push(
      modules.getRpcTargetRegistry<unknown>().subscribe((target) => binding.attach(target)),
    );
  }

  /** Whether it is a lifecycle, be it of another copy of the package. */
  static isOne(instance: unknown): instance is SidecarAgentLifecycle {
    return typeof instance === 'object' && instance !== null && LIFECYCLE in instance;
  }

  get agent(): SidecarAgent {
    return this.#parts.agent;
  }

  /** The bound of the leave, in milliseconds. */
  get shutdownTimeout(): number {
    return this.#parts.settings.shutdownTimeout;
  }

  /** Whether nothing is announced before Nest's HTTP server listens, which it does not yet. */
  get awaitsHttp(): boolean {
    const { settings, http } = this.#parts;
    return settings.enabled && this.#speaksHttp && !http.listening;
  }

  /** An HTTP service is announced, or cannot be; Nest itself waits for a gRPC service. */
  get announced(): Promise<void> {
    return this.#announced;
  }

  /** Whether the shutdown hooks have begun to run. */
  get isEnding(): boolean {
    return this.#ending;
  }

  /** Nest may run it twice. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.#booted && this.#parts.settings.enabled && this.#speaksHttp) {
      const { httpAdapter } = this.#parts.http;
      countRequests(httpAdapter?.getHttpServer(), this.#parts.calls);
      boundHttpClose(httpAdapter, () => (this.#isLeaving ? this.closeBounds() : undefined));
    }
    this.#booted = true;
    await this.#goOn();
  }

  async bound(): Promise<void> {
    await this.#goOn();
  }

  refused(failure: unknown): void {
    this.#reminder.cancel();
    this.#parts.logger.warn(`No gRPC server is bound, so nothing is registered: ${messageOf(failure)}`);
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
    const { clock, settings, agent } = this.#parts;
    this.#reminder.cancel();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#closeBy ??= clock.elapsed() + settings.shutdownTimeout;
    await agent.shutdown();
  }

  closeBounds(): CloseBounds {
    const { clock } = this.#parts;
    return { clock, rest: (this.#closeBy ?? 0) - clock.elapsed() };
  }

  get #speaksHttp(): boolean {
    return this.#parts.settings.protocol === 'http';
  }

  get #isLeaving(): boolean {
    return this.#closeBy !== undefined;
  }

  /** Nest does not wait for those who are told that its HTTP server listens, and `listen()` does not fail with them. */
  #httpListens(): void {
    this.#announced = this.#goOn();
    this.#announced.catch((thrown: unknown) => this.#parts.report(SidecarAgentError.from(thrown)));
  }

  async #goOn(): Promise<void> {
    if (!this.#parts.settings.enabled || this.#isLeaving) return;
    const bound = this.#speaksHttp ? this.#parts.http.listening : this.#parts.binding.isBound;
    if (this.#booted && bound) {
      this.#reminder.announced();
      await this.#announce();
    } else {
      this.#reminder.halfStarted({ booted: this.#booted, protocol: this.#parts.settings.protocol });
    }
  }

  async #announce(): Promise<void> {
    const { agent, settings, clock, logger } = this.#parts;
    await agent.start();
    await waitForRegistration({ agent, clock, logger, limit: settings.waitForRegistration });
  }
}
