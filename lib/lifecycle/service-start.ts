import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { hasMethods } from '../support/shape.js';
import { messageOf } from '../support/text/describe-thrown.js';
import { type BootListener, BootstrapHooks } from './bootstrap-hooks.js';
import { isBuiltLate } from './built-late.js';
import { describeListenFailure } from './describe-listen-failure.js';
import type { LifecycleParts } from './lifecycle-parts.js';
import { ShutdownHooksWarning } from './shutdown-hooks-warning.js';
import { type StartProgress, StartReminder } from './start-reminder.js';
import { supervisorWarnings, surroundings } from './supervisor-warnings.js';
import { isHeldBackManually, waitForRegistration } from './wait-for-registration.js';

const GRPC_WITHOUT_EFFECT =
  "The option grpc has no effect, since protocol is 'http': the module registers the HTTP server and no gRPC " +
  'methods. Leave grpc out, or protocol if the service speaks gRPC. For both, import a second ' +
  'SidecarAgentModule with a name of its own';

/** What the start asks of the rest of the lifecycle. */
export interface StartContext {
  readonly isLeaving: () => boolean;
  readonly leave: () => Promise<void>;
}

/**
 * Registers the service after two things have happened, in either order: every bootstrap hook of
 * the application has succeeded, and the server is bound. After a hook has failed it never does.
 */
export class ServiceStart implements BootListener {
  readonly #parts: LifecycleParts;
  readonly #context: StartContext;
  readonly #hooks: BootstrapHooks;
  readonly #reminder: StartReminder;
  readonly #hooksWarning: ShutdownHooksWarning;
  readonly #builtLate: boolean;
  #initialised = false;
  #booted = false;
  #bootFailed = false;
  #refused = false;
  #withdrawn = false;
  #closed = false;

  constructor(parts: LifecycleParts, context: StartContext) {
    this.#parts = parts;
    this.#context = context;
    this.#hooks = BootstrapHooks.of(parts.modules);
    this.#hooks.notify(this);
    this.#hooksWarning = new ShutdownHooksWarning(parts);
    this.#reminder = new StartReminder(parts.clock, parts.logger, () => parts.agent.node !== undefined);
    this.#builtLate = isBuiltLate(parts.modules, parts.http);
    if (this.#builtLate) this.#reminder.remindOfMissedHooks();
  }

  /** Observes the bootstrap hooks, which Nest is about to run. */
  observeHooks(): void {
    if (this.#builtLate && !this.#initialised) this.#reminder.cancel();
    this.#initialised = true;
    this.#hooks.wrap();
  }

  /** Warns later if the bootstrap hooks, which have begun, do not end. */
  remindOfHooks(): void {
    if (!this.#booted && !this.#isHeldBack) this.#reminder.remindOfHooks(() => this.#hooks.running);
  }

  /** Cancels all warnings: the service is not to be registered any more. */
  cancelReminder(): void {
    this.#reminder.cancel();
    this.#hooksWarning.cancel();
  }

  /** The gRPC server failed to listen. The caller logs why, so no reminder of it follows. */
  refused(): void {
    this.#refused = true;
    this.cancelReminder();
  }

  async booted(): Promise<void> {
    this.#booted = true;
    await this.registerIfReady();
  }

  bootedUnawaited(): void {
    this.report(this.booted());
  }

  bootFailed(name: string, thrown: unknown): void {
    this.#bootFailed = true;
    this.#reminder.cancel();
    const { agent, logger } = this.#parts;
    const cause = `onApplicationBootstrap of ${name} failed: ${messageOf(thrown)}`;
    if (agent.node === undefined) {
      logger.warn(`Not registered: ${cause}`);
      return;
    }
    // Nest runs the hooks once more for each microservice with deferInitialization.
    logger.warn(`Leaving the mesh: ${cause}`);
    void this.#context.leave();
  }

  /** Registers the service if it is booted and bound, and waits as `waitForRegistration` says. */
  async registerIfReady(): Promise<void> {
    if (this.#closed) return this.#warnOfClosed();
    if (this.#isHeldBack) return;
    if (this.#booted && this.#isBound) return this.#register();
    this.#remindOfStart();
  }

  /**
   * The HTTP server beside a gRPC service failed to listen, so the application has not started. The
   * service is deregistered, or not registered, until a later `listen()` succeeds.
   */
  httpFailed(failure: unknown): void {
    const { agent, http, logger } = this.#parts;
    if (http.listening || this.#isHeldBack || isHeldBackManually(agent)) return;
    this.#withdrawn = true;
    const result = agent.node === undefined ? 'Not registered' : 'Deregistering';
    logger.warn(`${result}: the HTTP server failed to listen: ${describeListenFailure(failure)}`);
    // The registration reports its failures itself.
    agent.deregister().catch(() => {});
  }

  /** The HTTP server beside a gRPC service listens. */
  httpListens(): void {
    if (this.#isHeldBack) return;
    // From now on the application is up, and only its gRPC server may be missing.
    if (this.#booted && !this.#isBound) this.#remindOfStart();
    if (!this.#withdrawn) return;
    this.#withdrawn = false;
    this.#parts.agent.resume().catch(() => {});
  }

  /** The application has been closed. A server that listens after that is not registered. */
  closed(): void {
    this.#closed = true;
    const { settings, http } = this.#parts;
    const server: unknown = http.httpAdapter?.getHttpServer();
    // Nest tells of the first `listen()` only.
    if (settings.protocol === 'http' && hasMethods(server, 'once')) {
      server.once('listening', () => this.#warnOfClosed());
    }
  }

  /** Reports the failure of a start for which Nest does not wait. */
  report(start: Promise<void>): void {
    start.catch((thrown: unknown) => this.#parts.report(SidecarAgentError.from(thrown)));
  }

  /** An HTTP server listens only after Nest has run the hooks of the modules that it knew then. */
  get #missesHooks(): boolean {
    return !this.#initialised && (this.#builtLate || this.#parts.http.listening);
  }

  get #isBound(): boolean {
    const { settings, http, binding } = this.#parts;
    return settings.protocol === 'http' ? http.listening : binding.isBound;
  }

  get #isHeldBack(): boolean {
    return this.#bootFailed || this.#context.isLeaving();
  }

  #remindOfStart(): void {
    if (this.#refused && !this.#isBound) return;
    const { settings, http, binding } = this.#parts;
    const progress: StartProgress = {
      booted: this.#booted,
      missedHooks: this.#missesHooks,
      protocol: settings.protocol,
      grpcServer: settings.grpc && (binding.servers.length > 0 ? 'not listening' : 'missing'),
      awaitsHttp: Boolean(http.httpAdapter) && !http.listening,
    };
    this.#reminder.remindOfStart(progress, () => this.#hooks.running);
  }

  async #register(): Promise<void> {
    const { agent, settings, clock, logger } = this.#parts;
    this.#reminder.cancel();
    this.#warnOnce();
    this.#hooksWarning.watch();
    await agent.start();
    await waitForRegistration({ agent, clock, logger, limit: settings.waitForRegistration });
  }

  #warnOfClosed(): void {
    this.#parts.logger.warn(
      'Not registered: the server listens again after app.close(), which has ended the registration. ' +
        'Create a new application instead',
    );
  }

  /** The hooks of an application may run again. */
  #warnOnce(): void {
    if (this.#parts.agent.node !== undefined) return;
    const { settings, logger } = this.#parts;
    if (settings.protocol === 'http' && settings.grpc) logger.warn(GRPC_WITHOUT_EFFECT);
    for (const warning of supervisorWarnings(surroundings(), settings)) logger.warn(warning);
  }
}
