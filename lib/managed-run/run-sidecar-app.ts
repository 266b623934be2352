import { Logger } from '@nestjs/common';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { SystemClock } from '../support/timing/sidecar-clock.js';
import type { RunSidecarAppOptions, SidecarApp, SidecarAppSource } from './run-options.interface.js';

/**
 * Runs an application from start to end: starts it, waits for a signal, leaves the mesh, closes it. The service has left
 * **before** Nest runs the first shutdown hook, so that a pool that is closed in `onModuleDestroy` still serves the last calls;
 * `enableShutdownHooks()` is not needed. Whatever fails, the rest is still done: what was started is left and closed.
 *
 * @param app the application, or a factory of it; give `NestFactory` the option `abortOnError: false`, or it ends the process
 * itself where a provider cannot be made
 * @returns when all is closed; the process then ends by itself, with 0, as soon as nothing is open any more. Where somebody else
 * calls `app.close()`, when that is done
 * @throws {AgentRunError} when all is cleaned up: `stage` says where the first failure was, `cause` is what was thrown,
 * `suppressed` has the failures after it
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
  // Not imported above: most applications are not run so.
  const { ManagedRun } = await import('./managed-run.js');
  const logger = new Logger('SidecarAgent');
  try {
    await new ManagedRun<App>(new SystemClock(), logger).run(app, options);
  } catch (thrown) {
    if (options.exit !== true) throw thrown;
    const { message, stack } = SidecarAgentError.from(thrown);
    logger.error(message, stack);
    process.exit(1);
  }
  if (options.exit === true) process.exit(0);
}
