import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
  OnModuleInit,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { countMessages } from '../in-flight/counted-messages.js';
import { countRequests } from '../in-flight/counted-requests.js';
import type { SidecarAgent } from '../sidecar-agent.js';
import { isObject } from '../support/shape.js';
import { beforeClose } from './before-close.js';
import { type CloseBounds, timeToClose } from './close-bounds.js';
import { closeHttpGracefully } from './close-http.js';
import type { ServerListener } from './grpc-server-binding.js';
import { describeListenFailure } from './describe-listen-failure.js';
import type { LeaveHold } from './leave-hold.js';
import type { LifecycleParts } from './lifecycle-parts.js';
import { observeListenFailures } from './observe-listen-failures.js';
import { serviceHealth } from './service-health.js';
import { ServiceStart } from './service-start.js';

/**
 * Marks a lifecycle for every copy of the package: `runSidecarApp` may come from another copy than
 * the module. So the public members that it reads are a contract between copies.
 */
const LIFECYCLE = Symbol.for('nestjs-sidecar-agent:lifecycle');

/**
 * Ties the registration to the life of the Nest application.
 *
 * {@link ServiceStart} registers the service. The lifecycle leaves the mesh at the first sign of
 * the end, while the port is still open: `onModuleDestroy`, or the close of a gRPC server, which in
 * a microservice without an HTTP server comes before any hook.
 */
export class SidecarAgentLifecycle
  implements
    OnModuleInit,
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
  readonly #start?: ServiceStart;
  readonly #subscriptions: Subscription[] = [];
  #resolveEnded = () => {};
  #ending = false;
  #isPrepared = false;
  #closeBy?: number;
  #leftAt?: number;
  #announced: Promise<void> = Promise.resolve();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    const { settings, binding, calls, modules, http } = parts;
    if (!settings.enabled) {
      this.#subscriptions.push(beforeClose(modules, () => this.closing()));
      return;
    }
    const isLeaving = () => this.#isLeaving;
    const start = new ServiceStart(parts, { isLeaving, leave: () => this.closing() });
    this.#start = start;
    this.#subscriptions.push(
      http.listen$.subscribe(() => (this.#speaksHttp ? this.#httpListens(start) : start.httpListens())),
    );
    binding.notify(this, serviceHealth(parts));
    // Nest replays the servers that it has and emits the later ones, each before it listens.
    this.#subscriptions.push(
      modules.getRpcTargetRegistry<unknown>().subscribe((target) => {
        binding.attach(target);
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

  /** Whether the service waits to be registered until Nest's HTTP server listens. */
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

  get hold(): LeaveHold {
    return this.#parts.hold;
  }

  /** Whether Nest has begun to run the shutdown hooks. */
  get isEnding(): boolean {
    return this.#ending;
  }

  onModuleInit(): void {
    this.#start?.observeHooks();
  }

  /** Nest runs this hook twice if your code calls both `init()` and `listen()`. */
  onApplicationBootstrap(): void {
    const { http, calls, settings } = this.#parts;
    if (!settings.enabled) return;
    if (!this.#isPrepared) {
      closeHttpGracefully(this.#parts, () => this.closeBounds());
      if (this.#speaksHttp) countRequests(http.httpAdapter?.getHttpServer(), calls, settings.probePaths);
      else observeListenFailures(http.httpAdapter, (failure) => this.#start?.httpFailed(failure));
    }
    this.#isPrepared = true;
    this.#start?.remindOfHooks();
  }

  async bound(): Promise<void> {
    await this.#start?.registerIfReady();
  }

  refused(failure: unknown): void {
    this.#start?.refused();
    const why = describeListenFailure(failure);
    this.#parts.logger.warn(`Not registered: the gRPC server failed to listen: ${why}`);
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
    this.#start?.closed();
    this.#resolveEnded();
    this.hold.closed(this.#parts.modules);
  }

  /** @param atOnceWithin milliseconds; if given, the module leaves without a drain */
  async closing(atOnceWithin?: number): Promise<void> {
    const { clock, settings, agent } = this.#parts;
    this.#start?.cancelReminder();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#closeBy ??= clock.elapsed() + settings.shutdownTimeout;
    await (atOnceWithin === undefined ? agent.shutdown() : this.#parts.leaveAtOnce(atOnceWithin));
    this.#leftAt ??= clock.elapsed();
  }

  closeBounds(): CloseBounds | undefined {
    const { clock, settings } = this.#parts;
    if (this.#closeBy === undefined) return undefined;
    const times = { gracePeriod: settings.gracePeriod, closeBy: this.#closeBy, leftAt: this.#leftAt };
    return { clock, rest: timeToClose(times, clock.elapsed()) };
  }

  log(line: string): void {
    this.#parts.logger.log(line);
  }

  get #speaksHttp(): boolean {
    return this.#parts.settings.protocol === 'http';
  }

  get #isLeaving(): boolean {
    return this.#closeBy !== undefined;
  }

  /** `listen()` of an HTTP server neither waits for subscribers nor fails with them. */
  #httpListens(start: ServiceStart): void {
    this.#announced = start.registerIfReady();
    start.report(this.#announced);
  }
}
