import type { INestApplication, INestMicroservice } from '@nestjs/common';
import type { Duration } from '../support/timing/duration.js';

/** What is run: a microservice, or an application, be it hybrid or HTTP alone. */
export type SidecarApp = INestApplication | INestMicroservice;

/** The application, or what makes it. A factory that fails is a failure of the run, in stage `lifecycle`. */
export type SidecarAppSource<App extends SidecarApp = SidecarApp> =
  App | Promise<App> | (() => App | Promise<App>);

/** Where the HTTP server of an application listens. */
export interface ListenAddress {
  /** 0 to 65535, 0 for any that is free. */
  readonly port: number;
  /** @default every address of this host */
  readonly host?: string;
}

/** How {@link runSidecarApp} starts and stops. */
export interface RunSidecarAppOptions<App extends SidecarApp = SidecarApp> {
  /**
   * Where the HTTP server of an application listens: a port, or a port and a host. Or a function that makes the application
   * serve, for another order or more to do. A microservice needs none: its own options have the address. An application with
   * a module of `protocol: 'http'` does, unless it listens already.
   * @default a microservice listens; an application starts its microservices and opens no HTTP port
   */
  listen?: number | ListenAddress | ((app: App) => Promise<unknown>);
  /**
   * The signals that end the run. Those that `enableShutdownHooks()` was called for are taken over beside them.
   * @default ['SIGTERM', 'SIGINT']
   */
  signals?: readonly NodeJS.Signals[];
  /** Ends the run from code, as a signal does. Aborted before the start, the application is closed without being started. */
  abortSignal?: AbortSignal;
  /**
   * What a further signal does, a second or more after the first: `exit` ends the process at once, with 128 and the number
   * of the signal; `ignore` lets the run go on. Whatever comes within that second is taken for an echo of the first, such as
   * npm and a terminal make of one Ctrl-C.
   * @default 'exit'
   */
  secondSignal?: 'exit' | 'ignore';
  /**
   * The bound of `app.close()`, above zero; of the end of a start-up too that is under way when the run is to end. The leave
   * before it has a bound of its own, `shutdownTimeout`.
   * @default shutdownTimeout of the module, the longest where there are several
   */
  closeTimeout?: Duration;
  /**
   * Ends the process when the run is over, with 0, or with 1 and the error in the log: for an application that leaves
   * something open. Without it the process ends when nothing is open any more.
   * @default false
   */
  exit?: boolean;
}
