import { type FactoryProvider, Inject, Injectable, Optional } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { getSidecarAgentToken } from '../sidecar-agent.token.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import { SidecarStatusService } from '../status/sidecar-status.service.js';
import { SidecarClock, SystemClock } from '../support/timing/sidecar-clock.js';
import { readHealthOptions, type SidecarHealthOptions } from './health-options.js';
import { isUp } from './is-up.js';

/** How long {@link SidecarAgentHealthIndicator.ready} outlasts an agent that restarts. */
const READY_GRACE = '30s';

/**
 * A Terminus health indicator for the registration. Add it to the `providers` of a module that
 * imports `TerminusModule`.
 *
 * Each check is up if the option `enabled` is false. Its details are `phase`, `connected`,
 * `registered`, the counters `registerReplayCount`, `registerReplayFailureCount` and
 * `disconnectCount`, and `lastErrorKind`, as in the status. They hold no secret.
 *
 * @example
 * ```ts
 * @Get('ready')
 * @HealthCheck()
 * ready() {
 *   return this.health.check([() => this.sidecar.ready('sidecar')]);
 * }
 * ```
 */
@Injectable()
export class SidecarAgentHealthIndicator {
  // Nest creates it, and may wrap it in a Proxy (`instrument.instanceDecorator`), through which no
  // private member of JavaScript can be reached.
  private readonly health: HealthIndicatorService;
  private readonly service: SidecarStatusService;
  private readonly clock: SidecarClock;

  /**
   * Nest creates it.
   *
   * @param clock what tells the time for `grace`; the system clock unless your module provides a
   *   `SidecarClock`
   */
  constructor(
    @Inject(HealthIndicatorService) health: HealthIndicatorService,
    @Inject(SidecarStatusService) status: SidecarStatusService,
    @Optional() @Inject(SidecarClock) clock?: SidecarClock,
  ) {
    this.health = health;
    this.service = status;
    this.clock = clock ?? new SystemClock();
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
      inject: [
        HealthIndicatorService,
        getSidecarAgentToken(name, SidecarStatusService),
        { token: SidecarClock, optional: true },
      ],
      useFactory: (health: HealthIndicatorService, status: SidecarStatusService, clock?: SidecarClock) =>
        new SidecarAgentHealthIndicator(health, status, clock),
    };
  }

  /**
   * Returns `up` if the service is registered, and `down` otherwise. The options can ask for
   * something else, and give the agent time to restart.
   *
   * @param key the name of this check in the answer
   * @throws {SidecarAgentError} of kind `invalid_options` if an option is not valid. Otherwise it
   *   never throws, since an indicator that throws fails the whole health check
   *
   * @example
   * ```ts
   * this.sidecar.isHealthy('agent', { require: 'connected', grace: '10s' })
   * ```
   */
  isHealthy<const Key extends string>(
    key: Key,
    options: SidecarHealthOptions = {},
  ): HealthIndicatorResult<Key> {
    const rules = readHealthOptions(options);
    const status = this.service.status();
    return this.result(key, status, isUp(status, rules, this.clock.now()));
  }

  /**
   * Returns `up` as long as the process can answer: for liveness probes. It never fails because the
   * agent is away, since a restart of the service would not help.
   *
   * @param key the name of this check in the answer
   */
  live<const Key extends string>(key: Key): HealthIndicatorResult<Key> {
    return this.result(key, this.service.status(), true);
  }

  /**
   * Returns `up` from the first registration on: for readiness probes. It is `down` from the first
   * moment of a drain, a deregister or the shutdown, and if the registration has been lost for 30
   * seconds. So it does not flap while the agent restarts.
   *
   * @param key the name of this check in the answer
   */
  ready<const Key extends string>(key: Key): HealthIndicatorResult<Key> {
    return this.isHealthy(key, { require: 'registered', grace: READY_GRACE });
  }

  /**
   * Returns `up` for good once the agent has accepted a register: for start-up probes. An
   * orchestrator restarts a service whose start-up probe fails too often, so let it fail for longer
   * than your agent takes to start.
   *
   * @param key the name of this check in the answer
   */
  started<const Key extends string>(key: Key): HealthIndicatorResult<Key> {
    return this.isHealthy(key, { require: 'once-registered' });
  }

  private result<const Key extends string>(
    key: Key,
    status: SidecarStatus,
    holds: boolean,
  ): HealthIndicatorResult<Key> {
    const { phase, connected, registered, lastErrorKind } = status;
    const { registerReplayCount, registerReplayFailureCount, disconnectCount } = status;
    const counters = { registerReplayCount, registerReplayFailureCount, disconnectCount };
    const details = { phase, connected, registered, ...counters, lastErrorKind };
    const check = this.health.check(key);
    return holds ? check.up(details) : check.down(details);
  }
}
