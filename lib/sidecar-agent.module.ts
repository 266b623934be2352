import { type DynamicModule, Module } from '@nestjs/common';
import { SidecarClient } from './client/sidecar-client.js';
import { RegistrationController } from './registration/registration.controller.js';
import { SidecarAgent } from './sidecar-agent.js';
import {
  type ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  type OPTIONS_TYPE,
} from './sidecar-agent.module-definition.js';
import { sidecarAgentProviders } from './sidecar-agent.providers.js';
import { SidecarStatusService } from './status/sidecar-status.service.js';
import { WatchService } from './watch/watch.service.js';

/**
 * Puts a Nest gRPC service into a sidecar-agent mesh: registers it once it is booted and bound, replays the registration at
 * every reconnect, and drains and deregisters while it still serves. `app.enableShutdownHooks()`, or `runSidecarApp`, is needed
 * for the last: without either nothing is done at SIGTERM.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     SidecarAgentModule.forRoot({
 *       app: { id: '10001', name: 'auth-center', env: 'prod', version: 'v1.3.4' },
 *       service: { name: 'auth' },
 *       grpc: grpcOptions,
 *     }),
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
@Module({
  providers: sidecarAgentProviders,
  exports: [SidecarAgent, SidecarClient, WatchService, RegistrationController, SidecarStatusService],
})
export class SidecarAgentModule extends ConfigurableModuleClass {
  /**
   * @param options the options of the module, and `isGlobal` and `providers` beside them
   * @throws {InvalidOptionsError} when the application is created, with every fault of the options
   */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    // Nothing at all is a fault like others, and reported with them.
    return super.forRoot(options ?? {});
  }

  /**
   * The same with options that are made by a factory: `useFactory` with `inject`, `useClass` or `useExisting` with a class
   * that has `createSidecarAgentOptions()`.
   *
   * @throws {InvalidOptionsError} when the application is created, with every fault of the options
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return super.forRootAsync(options);
  }
}
