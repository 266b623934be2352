import type { INestApplication, INestMicroservice } from '@nestjs/common';
import type { Duration } from '../support/timing/duration.js';

/**
 * An application that `runSidecarApp` can run: a microservice, hybrid or HTTP application.
 */
export type SidecarApp = INestApplication | INestMicroservice;

/**
 * An application, a promise of one, or a factory. If the factory throws, the run fails in the stage
 * `lifecycle`.
 */
export type SidecarAppSource<App extends SidecarApp = SidecarApp> =
  App | Promise<App> | (() => App | Promise<App>);

/** The address that the HTTP server of an application listens on. */
export interface ListenAddress {
  /** 0 to 65535; 0 for any free port. */
  readonly port: number;
  /**
   * A host name or IP address.
   *
   * @default every address of this host
   */
  readonly host?: string;
}

/** The options of `runSidecarApp`. */
export interface RunSidecarAppOptions<App extends SidecarApp = SidecarApp> {
  /**
   * Where the HTTP server of an application listens: a port, or a port and a host. Or a function
   * that starts the application in its own way, for example to start its servers in another order.
   *
   * Leave it out for a microservice, whose own options have the address. An application whose
   * module has `protocol: 'http'` needs it, unless it is listening already.
   *
   * @default a microservice listens; an application starts its microservices and opens no HTTP port
   */
  listen?: number | ListenAddress | ((app: App) => Promise<unknown>);
  /**
   * The signals that end the run. The signals of `enableShutdownHooks()` end it, too, except those
   * of a crash, such as SIGSEGV.
   *
   * @default ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'], on Windows SIGBREAK in place of
   *   SIGUSR2
   */
  signals?: readonly NodeJS.Signals[];
  /**
   * Ends the run from code, like a signal. If it is aborted before the start, the application is
   * closed without a start.
   */
  abortSignal?: AbortSignal;
  /**
   * What a second signal does if it comes 1 second or more after the first: `exit` ends the process
   * at once with code 128 + the signal's number; `ignore` lets the shutdown finish. Signals within
   * that second are ignored, since npm and a terminal may both pass on the same Ctrl-C.
   *
   * @default 'exit'
   */
  secondSignal?: 'exit' | 'ignore';
  /**
   * Whether an uncaught exception or an unhandled rejection deregisters the service before the
   * process ends: without a drain, within 1 second, with code 1. If your code listens to the event
   * itself, the run does nothing.
   *
   * @default true
   */
  handleCrashes?: boolean;
  /**
   * The longest time for `app.close()`, above 0: milliseconds or text such as `"30s"`. If the run
   * ends during start-up, it limits the rest of the start-up, too. Leaving the mesh comes before
   * the close, and has its own limit, the module's option `shutdownTimeout`.
   *
   * @default `shutdownTimeout` of the module; the longest if there are several modules
   */
  closeTimeout?: Duration;
  /**
   * If true, ends the process after the run: with code 0, or with code 1 and the error in the log.
   * Use it if your application leaves something open. Otherwise the process ends by itself as soon
   * as nothing is open any more. If the process has another run, it ends after that.
   *
   * @default false
   */
  exit?: boolean;
}
