import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { SidecarAgentModule } from '../sidecar-agent.module.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import { SidecarStatusService } from '../status/sidecar-status.service.js';
import { bindMembers } from '../support/bind-members.js';
import { PresetStatusService } from './preset-status.service.js';

/** The options of {@link SidecarAgentTestingModule}. */
export interface SidecarAgentTestingOptions {
  /**
   * The name of the module that the code under test expects, which injects its providers with
   * `@InjectSidecarAgent(name)`.
   *
   * @default none: the providers are injected by class
   */
  name?: string;
  /**
   * Fields of the status that the code under test reads. `status()` and `status$` of
   * `SidecarStatusService`, `SidecarAgent` and `RegistrationController` have them as they are
   * given; the fields are not made to fit each other. With `registered: true`, `registered()`
   * resolves.
   *
   * @default {}: `phase` is `'disabled'`, `connected` and `registered` are false
   */
  status?: Partial<SidecarStatus>;
}

/**
 * Stands in for `SidecarAgentModule` in the test of a module of yours that injects its providers.
 * It provides `SidecarAgent`, `SidecarClient`, `WatchService`, `RegistrationController` and
 * `SidecarStatusService`, and sends nothing.
 *
 * To test an application that imports `SidecarAgentModule` itself, use `withoutSidecarAgent`.
 *
 * @example
 * ```ts
 * const module = await Test.createTestingModule({
 *   imports: [
 *     SidecarAgentTestingModule.forRoot({ status: { phase: 'registered', registered: true } }),
 *     HealthModule,
 *   ],
 * }).compile();
 * ```
 */
@Module({})
export class SidecarAgentTestingModule {
  /**
   * Returns the module, which is global.
   *
   * @throws {InvalidOptionsError} if `name` is an object or a symbol; when Nest creates the
   *   application, if it is blank or another module has it
   */
  static forRoot({ name, status = {} }: SidecarAgentTestingOptions = {}): DynamicModule {
    const preset: FactoryProvider<SidecarStatusService> = {
      provide: SidecarStatusService,
      inject: [InFlightCalls],
      useFactory: (calls: InFlightCalls) => bindMembers(new PresetStatusService(status, calls)),
    };
    const definition = SidecarAgentModule.forRoot({ enabled: false, name, providers: [preset] });
    return { ...definition, module: SidecarAgentTestingModule };
  }
}
