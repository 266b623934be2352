import type { Logger } from '@nestjs/common';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** The time before a reminder is logged, in milliseconds. */
const PATIENCE = 5_000;

/**
 * The time before it if the application does not listen, in milliseconds. A test may only call
 * `init()`.
 */
const LONGER_PATIENCE = 60_000;

/** How far the start has come. */
export interface StartProgress {
  /** Whether the bootstrap hooks have run. */
  readonly booted: boolean;
  /** Whether Nest has run the hooks of other modules only. */
  readonly missedHooks: boolean;
  readonly protocol: 'grpc' | 'http';
  /** The gRPC server of the option `grpc`; absent if the option is not given. */
  readonly grpcServer?: 'missing' | 'not listening';
  /** Whether the application has an HTTP server that does not listen: its start may go on. */
  readonly awaitsHttp?: boolean;
}

/** Warns if the application does not get further, and names the call that is missing. */
export class StartReminder {
  readonly #clock: SidecarClock;
  readonly #logger: Logger;
  readonly #isStarted: () => boolean;
  readonly #told = new Set<string>();
  #cancel?: () => void;

  /** @param isStarted whether the node is built, be it because your code called `start()` */
  constructor(clock: SidecarClock, logger: Logger, isStarted: () => boolean) {
    this.#clock = clock;
    this.#logger = logger;
    this.#isStarted = isStarted;
  }

  /** Warns later that the service cannot be registered yet, once for each cause. */
  remindOfStart(progress: StartProgress, runningHooks: () => readonly string[]): void {
    const isIdle = progress.booted && progress.protocol === 'grpc' && progress.awaitsHttp;
    this.#after(isIdle ? LONGER_PATIENCE : PATIENCE, () => {
      if (this.#isStarted() || this.#warnOfHooks(runningHooks())) return;
      const line = missingCall(progress);
      if (!this.#told.has(line)) this.#logger.warn(line);
      this.#told.add(line);
    });
  }

  /** Warns later that Nest has run no hook of the module. */
  remindOfMissedHooks(): void {
    this.#after(PATIENCE, () => {
      if (!this.#isStarted()) this.#logger.warn(MISSED_HOOKS);
    });
  }

  /** Warns later if a bootstrap hook does not end. */
  remindOfHooks(runningHooks: () => readonly string[]): void {
    this.#after(PATIENCE, () => this.#warnOfHooks(runningHooks()));
  }

  /** Cancels the reminder. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #warnOfHooks(running: readonly string[]): boolean {
    if (running.length === 0) return false;
    this.#logger.warn(
      `Not registered yet: onApplicationBootstrap of ${running.join(', ')} has not finished. The service ` +
        'is registered after all of them, so none of them may wait for the registration',
    );
    return true;
  }

  #after(patience: number, task: () => void): void {
    this.cancel();
    this.#cancel = this.#clock.after(patience, task);
  }
}

const MISSED_HOOKS =
  'Not registered: SidecarAgentModule was loaded lazily, and Nest has run none of its start-up hooks so far. ' +
  'After the start it runs none of them: import the module where the application is created';

function missingCall({ booted, missedHooks, protocol, grpcServer }: StartProgress): string {
  if (missedHooks) return MISSED_HOOKS;
  if (!booted) {
    return (
      'Not registered: the gRPC server is listening, but the application is not initialised. Call ' +
      'app.listen() or app.init() after app.startAllMicroservices()'
    );
  }
  if (protocol === 'http') {
    return (
      'Not registered: the application is initialised, but its HTTP server is not listening. Call ' +
      'app.listen(), or pass the option listen to runSidecarApp()'
    );
  }
  if (grpcServer === 'missing') {
    return (
      'Not registered: the option grpc is given, but the application has no gRPC server. Connect one with ' +
      'app.connectMicroservice({ transport: Transport.GRPC, options }), with the same options, and call ' +
      'app.startAllMicroservices(). For a server that Nest did not create, call SidecarAgent.start() after it ' +
      "listens. For a service of HTTP controllers, give protocol: 'http' in place of grpc"
    );
  }
  if (grpcServer === 'not listening') {
    return (
      'Not registered: the option grpc is given, but its gRPC server is not listening. Call ' +
      'app.startAllMicroservices() of a hybrid application, or app.listen() of a microservice'
    );
  }
  return (
    'Not registered: the application is initialised, but no gRPC server is listening. Call app.listen() ' +
    'of a microservice with Transport.GRPC, or app.startAllMicroservices(). For a server that Nest did not create, call ' +
    'SidecarAgent.start() after it listens'
  );
}
