import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { InjectSidecarAgent, SidecarAgent } from 'nestjs-sidecar-agent';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';

@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    @InjectSidecarAgent('billing', SidecarAgentHealthIndicator)
    private readonly billing: SidecarAgentHealthIndicator,
    @InjectSidecarAgent('search', SidecarAgentHealthIndicator)
    private readonly search: SidecarAgentHealthIndicator,
    @InjectSidecarAgent('billing') private readonly billingAgent: SidecarAgent,
    @InjectSidecarAgent('search') private readonly searchAgent: SidecarAgent,
  ) {}

  /** 200 while both are registered. */
  @Get('health')
  @HealthCheck()
  check() {
    return this.health.check([
      () => this.billing.isHealthy('billing'),
      () => this.search.isHealthy('search'),
    ]);
  }

  /** What each service has registered. */
  @Get('services')
  services() {
    return [this.billingAgent, this.searchAgent].map(({ node }) => ({
      name: node?.service.name,
      port: node?.serverPort,
      methods: node?.methods,
    }));
  }
}
