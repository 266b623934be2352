import {
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  Module,
  type Provider,
} from '@nestjs/common';
import { SidecarClient } from './agent/client/sidecar-client.js';
import { getDrainingToken } from './events/draining.token.js';
import { InvalidOptionsError } from './errors/invalid-options.error.js';
import type { DisabledOptions } from './options/disabled-options.js';
import { hideSecrets } from './options/hide-secrets.js';
import type { SidecarAgentOptions } from './options/sidecar-agent-options.interface.js';
import { getSidecarAgentToken, type SidecarAgentPart } from './sidecar-agent.token.js';
import { RegistrationController } from './registration/registration-controller.js';
import { SidecarAgent } from './sidecar-agent.js';
import { ConfigurableModuleClass, type SidecarAgentModuleExtras } from './sidecar-agent.module-definition.js';
import { sidecarAgentProviders } from './sidecar-agent.providers.js';
import { SidecarStatusService } from './status/sidecar-status.service.js';
import { isObject } from './support/shape.js';
import { shown } from './support/text/describe-value.js';
import { WatchService } from './agent/watch/watch.service.js';

/** The providers that other modules can inject. */
const PARTS: readonly SidecarAgentPart[] = [
  SidecarAgent,
  SidecarClient,
  WatchService,
  RegistrationController,
  SidecarStatusService,
];

/**
 * Registers a Nest service with the sidecar-agent on its host. The service has gRPC methods or HTTP
 * controllers. The module registers it after the application is booted and its server is bound,
 * replays the registration at every reconnect, and drains and deregisters it at shutdown while it
 * keeps serving.
 *
 * Call `app.enableShutdownHooks()`, or run the application with `runSidecarApp`. Otherwise nothing
 * drains or deregisters the service at SIGTERM.
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
   * Returns the module for options that are known now. With `enabled: false` the module is turned
   * off, and needs no other option.
   *
   * @param options the options, and `isGlobal`, `name` and `providers` beside them
   * @throws {InvalidOptionsError} if `providers` is not an array of providers, or `name` is an
   *   object or a symbol. Faults of the options are thrown when Nest creates the application, all
   *   of them in one error
   *
   * @example
   * ```ts
   * SidecarAgentModule.forRoot({
   *   app: { id: '10001', name: 'auth-center', env: 'prod', version: 'v1.3.4' },
   *   service: { name: 'auth' },
   *   grpc: grpcOptions,
   * })
   * ```
   *
   * @example
   * ```ts
   * SidecarAgentModule.forRoot({ enabled: false })
   * ```
   */
  // Named types: an editor would show `typeof OPTIONS_TYPE`, which is not exported.
  static override forRoot(
    options: (SidecarAgentOptions | DisabledOptions) & SidecarAgentModuleExtras,
  ): DynamicModule {
    // Missing options are reported when Nest creates the application, like all other faults.
    return complete(super.forRoot(hideSecrets(options ?? {})), options?.name);
  }

  /**
   * Returns the module for options that Nest creates: `useFactory` with `inject`, or `useClass` or
   * `useExisting` with a class that implements `SidecarAgentOptionsFactory`.
   *
   * @param options how to create the options, and `isGlobal`, `name` and `providers` beside it
   * @throws {InvalidOptionsError} as {@link forRoot} does
   *
   * @example
   * ```ts
   * SidecarAgentModule.forRootAsync({
   *   imports: [SettingsModule],
   *   inject: [Settings],
   *   useFactory: (settings: Settings) => ({
   *     app: settings.app,
   *     service: { name: 'auth' },
   *     grpc: grpcOptions,
   *   }),
   * })
   * ```
   */
  static override forRootAsync(
    options: ConfigurableModuleAsyncOptions<
      SidecarAgentOptions | DisabledOptions,
      'createSidecarAgentOptions'
    > &
      SidecarAgentModuleExtras,
  ): DynamicModule {
    if (!isObject(options)) {
      throw new InvalidOptionsError([
        { path: 'options', message: `must be an object, got ${shown(options)}` },
      ]);
    }
    return complete(super.forRootAsync(options), options.name);
  }
}

function complete(definition: DynamicModule, name: string | undefined): DynamicModule {
  refuseUnprintable(name);
  const given = (definition.providers ?? []).map((provider) => nameProvider(provider, name));
  return {
    ...definition,
    // Nest uses the last provider of a token.
    providers: [...sidecarAgentProviders(name), ...given],
    exports: [...PARTS.map((part) => getSidecarAgentToken(name, part)), getDrainingToken(name)],
  };
}

/** Tokens hold the name as text. Its other faults are listed with those of the options. */
function refuseUnprintable(name: unknown): void {
  if (typeof name !== 'symbol' && !isObject(name)) return;
  const message = `must be a string that is not blank, got ${shown(name)}`;
  throw new InvalidOptionsError([{ path: 'name', message }]);
}

/** Moves a provider of your own to the token under which this module has the part. */
function nameProvider(provider: Provider, name: string | undefined): Provider {
  const part = PARTS.find((one) => 'provide' in provider && provider.provide === one);
  return part ? ({ ...provider, provide: getSidecarAgentToken(name, part) } as Provider) : provider;
}
