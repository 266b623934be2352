import { type FactoryProvider, Inject, Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { getSidecarAgentToken } from '../sidecar-agent.token.js';
import { SidecarStatusService } from '../status/sidecar-status.service.js';

/**
 * A Terminus health indicator for the registration. Add it to the `providers` of a module that
 * imports `TerminusModule`.
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
  private readonly health: HealthIndicatorService;
  private readonly status: SidecarStatusService;

  constructor(
    @Inject(HealthIndicatorService) health: HealthIndicatorService,
    @Inject(SidecarStatusService) status: SidecarStatusService,
  ) {
    this.health = health;
    this.status = status;
  }

  /**
   * Returns the provider of an indicator for a named `SidecarAgentModule`. Inject it with
   * `@InjectSidecarAgent(name, SidecarAgentHealthIndicator)`.
   *
   * @param name the `name` of the module
   *
   * @example
   * ```ts
   * providers: [
   *   SidecarAgentHealthIndicator.forName('billing'),
   *   SidecarAgentHealthIndicator.forName('search'),
   * ]
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
   * Returns `up` if the service is registered or the option `enabled` is false, and `down`
   * otherwise. The details are `phase` and `lastErrorKind`. It never throws, since an indicator
   * that throws fails the whole health check.
   *
   * @param key the name of this check in the answer
   */
  isHealthy<const Key extends string>(key: Key): HealthIndicatorResult<Key> {
    const { phase, registered, lastErrorKind } = this.status.status();
    const check = this.health.check(key);
    const details = { phase, lastErrorKind };
    return registered || phase === 'disabled' ? check.up(details) : check.down(details);
  }
}
