import type { Logger } from '@nestjs/common';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** How long an application may be half started before somebody should know, in milliseconds. */
const PATIENCE = 5_000;

const MISSING_HOOKS =
  'Nothing handles SIGTERM, so the service would end without draining and deregistering: call app.enableShutdownHooks(), or run the application with runSidecarApp()';

/** What has happened of the start so far. */
export interface StartProgress {
  /** Whether the bootstrap hooks have run. */
  readonly booted: boolean;
  readonly protocol: 'grpc' | 'http';
}

/** Says which call is missing where an application stays half started, or could not leave: nobody would know why. */
export class StartReminder {
  readonly #clock: SidecarClock;
  readonly #logger: Logger;
  readonly #isStarted: () => boolean;
  #cancel?: () => void;

  /** @param isStarted whether the service is announced, be it by hand */
  constructor(clock: SidecarClock, logger: Logger, isStarted: () => boolean) {
    this.#clock = clock;
    this.#logger = logger;
    this.#isStarted = isStarted;
  }

  /** Something is missing before the service can be announced. */
  halfStarted(progress: StartProgress): void {
    this.#after(() => {
      if (!this.#isStarted()) this.#logger.warn(missingCall(progress));
    });
  }

  /** The service is announced. Without shutdown hooks, or a handler of the application's own, it would never be taken back. */
  announced(): void {
    this.#after(() => {
      if (process.listenerCount('SIGTERM') === 0) this.#logger.warn(MISSING_HOOKS);
    });
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #after(task: () => void): void {
    this.cancel();
    this.#cancel = this.#clock.after(PATIENCE, task);
  }
}

function missingCall({ booted, protocol }: StartProgress): string {
  if (!booted) {
    return 'The gRPC server is bound, but the application was never initialised, so nothing is registered: call app.listen() or app.init() after app.startAllMicroservices()';
  }
  return protocol === 'http'
    ? 'The application is initialised, but its HTTP server does not listen, so nothing is registered: call app.listen(), or give runSidecarApp() the option listen'
    : 'The application is initialised, but no gRPC server is bound, so nothing is registered: call app.listen() of a microservice or app.startAllMicroservices(); where the server is none of Nest’s, call SidecarAgent.start() once it listens';
}
