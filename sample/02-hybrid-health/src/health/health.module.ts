import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';
import { HealthController } from './health.controller.js';
import { StatusController } from './status.controller.js';

@Module({
  // Every 503 would be an error in the log, once for each probe; the module tells of the change by itself.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, StatusController],
  providers: [SidecarAgentHealthIndicator],
})
export class HealthModule {}
