/** The text of `health/health.controller.ts`. */
export const HEALTH_CONTROLLER = `import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly sidecar: SidecarAgentHealthIndicator,
  ) {}

  @Get('live')
  @HealthCheck()
  live() {
    return this.health.check([() => this.sidecar.live('sidecar')]);
  }

  @Get('ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.sidecar.ready('sidecar')]);
  }

  @Get('started')
  @HealthCheck()
  started() {
    return this.health.check([() => this.sidecar.started('sidecar')]);
  }
}
`;

/** Returns the text of `health/health.module.ts`. */
export function healthModule(importEnding: string): string {
  return `import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';
import { HealthController } from './health.controller${importEnding}';

@Module({
  // Terminus would log an error at each failed probe.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [SidecarAgentHealthIndicator],
})
export class HealthModule {}
`;
}
