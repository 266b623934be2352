import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { countMessages } from '../in-flight/counted-messages.js';
import { countRequests } from '../in-flight/counted-requests.js';
import type { SidecarAgent } from '../sidecar-agent.js';
import { isObject } from '../support/shape.js';
import { messageOf } from '../support/text/describe-thrown.js';
import type { CloseBounds } from './close-bounds.js';
import type { ServerListener } from './grpc-server-binding.js';
import type { LifecycleParts } from './lifecycle-parts.js';
import { limitHttpClose } from './limit-http-close.js';
import { StartReminder } from './start-reminder.js';
import { waitForRegistration } from './wait-for-registration.js';

/**
 * Marks a lifecycle for every copy of the package: `runSidecarApp` may come from another copy than
 * the module. So the public members that it reads are a contract between copies.
 */
const LIFECYCLE = Symbol.for('nestjs-sidecar-agent:lifecycle');

/**
 * Ties the registration to the life of the Nest application.
 *
 * It registers after two things have happened, in either order: the bootstrap hooks have run, and
 * the server is bound. It leaves the mesh at the first sign of the end, while the port is still
 * open: `onModuleDestroy`, or the close of a gRPC server, which in a microservice without an HTTP
 * server comes before any hook.
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
  /** Resolves when Nest has run the shutdown hooks. */
  readonly ended: Promise<void>;
  readonly #parts: LifecycleParts;
  readonly #reminder: StartReminder;
  readonly #subscriptions: Subscription[] = [];
  #resolveEnded = () => {};
  #ending = false;
  #booted = false;
  #closeBy?: number;
  #announced: Promise<void> = Promise.resolve();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#reminder = new StartReminder(parts.clock, parts.logger, () => parts.agent.node !== undefined);
    const { settings, binding, calls, modules, http } = parts;
    if (!settings.enabled) return;
    if (this.#speaksHttp) {
      this.#subscriptions.push(http.listen$.subscribe(() => this.#httpListens()));
    } else {
      binding.notify(this);
    }
    // Nest replays the servers that it has and emits the later ones, each before it listens.
    this.#subscriptions.push(
      modules.getRpcTargetRegistry<unknown>().subscribe((target) => {
        if (!this.#speaksHttp) binding.attach(target);
        countMessages(target, calls);
      }),
    );
  }

  /** Returns whether a value is a lifecycle, of this copy of the package or another. */
  static isInstance(value: unknown): value is SidecarAgentLifecycle {
    return isObject(value) && LIFECYCLE in value;
  }

  get agent(): SidecarAgent {
    return this.#parts.agent;
  }

  /** The longest time for the whole leave, in milliseconds. */
  get shutdownTimeout(): number {
    return this.#parts.settings.shutdownTimeout;
  }

  /**
   * Whether the service is registered only after Nest's HTTP server listens, and it does not yet.
   */
  get awaitsHttp(): boolean {
    const { settings, http } = this.#parts;
    return settings.enabled && this.#speaksHttp && !http.listening;
  }

  /**
   * Settles when the registration of an HTTP service has started or failed. For a gRPC service it
   * is resolved, since `listen()` itself waits and fails.
   */
  get announced(): Promise<void> {
    return this.#announced;
  }

  /** Whether Nest has begun to run the shutdown hooks. */
  get isEnding(): boolean {
    return this.#ending;
  }

  /** Nest runs this hook twice if your code calls both `init()` and `listen()`. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.#booted && this.#parts.settings.enabled && this.#speaksHttp) {
      const { http, calls, settings } = this.#parts;
      const { httpAdapter } = http;
      countRequests(httpAdapter?.getHttpServer(), calls, settings.probePaths);
      limitHttpClose(httpAdapter, () => (this.#isLeaving ? this.closeBounds() : undefined));
    }
    this.#booted = true;
    await this.#registerIfReady();
  }

  async bound(): Promise<void> {
    await this.#registerIfReady();
  }

  refused(failure: unknown): void {
    this.#reminder.cancel();
    this.#parts.logger.warn(`Not registered: the gRPC server failed to listen: ${messageOf(failure)}`);
  }

  /**
   * Starts the leave without waiting. Nest runs `beforeApplicationShutdown` of one module after the
   * other, so several modules that started only there would add up their waits.
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

  /** `listen()` of an HTTP server neither waits for subscribers nor fails with them. */
  #httpListens(): void {
    this.#announced = this.#registerIfReady();
    this.#announced.catch((thrown: unknown) => this.#parts.report(SidecarAgentError.from(thrown)));
  }

  async #registerIfReady(): Promise<void> {
    const { settings, http, binding } = this.#parts;
    if (!settings.enabled || this.#isLeaving) return;
    const isBound = this.#speaksHttp ? http.listening : binding.isBound;
    if (this.#booted && isBound) return this.#register();
    this.#reminder.remindOfStart({ booted: this.#booted, protocol: settings.protocol });
  }

  async #register(): Promise<void> {
    const { agent, settings, clock, logger } = this.#parts;
    this.#reminder.remindOfShutdownHooks();
    await agent.start();
    await waitForRegistration({ agent, clock, logger, limit: settings.waitForRegistration });
  }
}
