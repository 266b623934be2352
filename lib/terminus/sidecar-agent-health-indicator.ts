import { type FactoryProvider, Inject, Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { getSidecarAgentToken } from '../sidecar-agent.token.js';
import { SidecarStatusService } from '../status/sidecar-status.service.js';

/**
 * A Terminus health indicator of the registration. List it as a provider beside `TerminusModule`.
 *
 * @example
 * ```ts
 * @Get('health')
 * @HealthCheck()
 * check() {
 *   return this.health.check([() => this.sidecar.isHealthy('sidecar')]);
 * }
 * ```
 */
@Injectable()
export class SidecarAgentHealthIndicator {
  readonly #health: HealthIndicatorService;
  readonly #status: SidecarStatusService;

  constructor(
    @Inject(HealthIndicatorService) health: HealthIndicatorService,
    @Inject(SidecarStatusService) status: SidecarStatusService,
  ) {
    this.#health = health;
    this.#status = status;
  }

  /**
   * The provider of an indicator of a named module, to be injected by `@InjectSidecarAgent(name, SidecarAgentHealthIndicator)`.
   *
   * @param name the `name` that the module was given
   *
   * @example
   * ```ts
   * providers: [SidecarAgentHealthIndicator.forName('billing'), SidecarAgentHealthIndicator.forName('search')]
   * ```
   */
  static forName(name: string): FactoryProvider<SidecarAgentHealthIndicator> {
    return {
      provide: getSidecarAgentToken(name, SidecarAgentHealthIndicator),
      inject: [HealthIndicatorService, getSidecarAgentToken(name, SidecarStatusService)],
      useFactory: (health: HealthIndicatorService, status: SidecarStatusService) =>
        new SidecarAgentHealthIndicator(health, status),
    };
  }

  /**
   * Up while the service is registered, down otherwise; up too where the module is turned off (`enabled: false`), since
   * nothing is wrong then. The details have `phase` and `lastErrorKind`. It never throws: an indicator that does would
   * fail the whole check.
   *
   * @param key the name of this check in the answer
   */
  isHealthy<const Key extends string>(key: Key): HealthIndicatorResult<Key> {
    const { phase, registered, lastErrorKind } = this.#status.status();
    const check = this.#health.check(key);
    const details = { phase, lastErrorKind };
    return registered || phase === 'disabled' ? check.up(details) : check.down(details);
  }
}
