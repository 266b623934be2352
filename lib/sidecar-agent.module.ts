import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { SidecarClient } from './agent/client/sidecar-client.js';
import { getSidecarAgentToken, type SidecarAgentPart } from './sidecar-agent.token.js';
import { RegistrationController } from './registration/registration-controller.js';
import { SidecarAgent } from './sidecar-agent.js';
import {
  type ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  type OPTIONS_TYPE,
} from './sidecar-agent.module-definition.js';
import { sidecarAgentProviders } from './sidecar-agent.providers.js';
import { SidecarStatusService } from './status/sidecar-status.service.js';
import { WatchService } from './agent/watch/watch.service.js';

/** What other modules can inject. */
const PARTS: readonly SidecarAgentPart[] = [
  SidecarAgent,
  SidecarClient,
  WatchService,
  RegistrationController,
  SidecarStatusService,
];

/**
 * Puts a Nest service, of gRPC or of HTTP controllers, into a sidecar-agent mesh: registers it once it is booted and bound, replays the registration at
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
@Module({})
export class SidecarAgentModule extends ConfigurableModuleClass {
  /**
   * @param options the options of the module, and `isGlobal`, `name` and `providers` beside them
   * @throws {InvalidOptionsError} when the application is created, with every fault of the options
   */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    // Nothing at all is a fault like others, and reported with them.
    return complete(super.forRoot(options ?? {}), options?.name);
  }

  /**
   * The same with options that are made by a factory: `useFactory` with `inject`, `useClass` or `useExisting` with a class
   * that has `createSidecarAgentOptions()`.
   *
   * @throws {InvalidOptionsError} when the application is created, with every fault of the options
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return complete(super.forRootAsync(options), options.name);
  }
}

function complete(definition: DynamicModule, name: string | undefined): DynamicModule {
  const given = (definition.providers ?? []).map((provider) => nameProvider(provider, name));
  return {
    ...definition,
    // The last provider of a token is the one that counts.
    providers: [...sidecarAgentProviders(name), ...given],
    exports: PARTS.map((part) => getSidecarAgentToken(name, part)),
  };
}

/** A part of the user's own takes the place of the part under the name of this module. */
function nameProvider(provider: Provider, name: string | undefined): Provider {
  const part = PARTS.find((one) => 'provide' in provider && provider.provide === one);
  return part ? ({ ...provider, provide: getSidecarAgentToken(name, part) } as Provider) : provider;
}
