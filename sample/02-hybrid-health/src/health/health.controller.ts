import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly sidecar: SidecarAgentHealthIndicator,
  ) {}

  /** 200 while the service is registered, otherwise 503: a readiness probe, not for liveness. */
  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.sidecar.isHealthy('sidecar')]);
  }
}
