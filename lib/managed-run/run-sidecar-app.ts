import { Logger } from '@nestjs/common';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { SystemClock } from '../support/timing/sidecar-clock.js';
import { ExitHold } from '../process-end/exit-hold.js';
import type { RunSidecarAppOptions, SidecarApp, SidecarAppSource } from './run-options.interface.js';

/**
 * Runs an application from start to end: starts it, waits for a signal, leaves the mesh, closes it.
 * Use it in place of `app.listen()` and `enableShutdownHooks()`.
 *
 * The service leaves the mesh **before** Nest runs the first shutdown hook. So a connection pool
 * that you close in `onModuleDestroy` still serves the last calls. If a step fails, the steps after
 * it are still done.
 *
 * @param app the application, or a factory. Give `NestFactory` the option `abortOnError: false`;
 *   otherwise Nest ends the process itself if a provider cannot be created
 * @returns when the application is closed, be it because your code called `app.close()`. The
 *   process then ends with code 0, as soon as nothing is open any more
 * @throws {AgentRunError} after all steps, if one failed: `stage` and `cause` tell the first
 *   failure, `suppressed` has the later ones
 *
 * @example
 * ```ts
 * await runSidecarApp(() =>
 *   NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
 *     transport: Transport.GRPC,
 *     options: grpcOptions,
 *     abortOnError: false,
 *   }),
 * );
 * ```
 */
export async function runSidecarApp<App extends SidecarApp>(
  app: SidecarAppSource<App>,
  options: RunSidecarAppOptions<App> = {},
): Promise<void> {
  // Imported here, since most applications do not call this function. The comment keeps it in the
  // same file of a webpack bundle.
  const { ManagedRun } = await import(/* webpackMode: "eager" */ './managed-run.js');
  const logger = new Logger('SidecarAgent');
  try {
    await new ManagedRun<App>(new SystemClock(), logger).run(app, options);
  } catch (thrown) {
    if (options.exit !== true) throw thrown;
    const { message, stack } = SidecarAgentError.from(thrown);
    logger.error(message, stack);
    await ExitHold.ofProcess().exitAfterRuns(1);
  }
  if (options.exit === true) await ExitHold.ofProcess().exitAfterRuns(0);
}
