import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly sidecar: SidecarAgentHealthIndicator,
  ) {}

  /** 200 while the service is registered, otherwise 503. */
  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.sidecar.isHealthy('sidecar')]);
  }

  /** 200 as long as the process answers, whether or not the agent is there. */
  @Get('live')
  @HealthCheck()
  live() {
    return this.health.check([() => this.sidecar.live('sidecar')]);
  }

  /** 200 from the first registration until a drain, also while the agent restarts. */
  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.sidecar.ready('sidecar')]);
  }

  /** 200 from the first registration on. */
  @Get('started')
  @HealthCheck()
  started() {
    return this.health.check([() => this.sidecar.started('sidecar')]);
  }
}
