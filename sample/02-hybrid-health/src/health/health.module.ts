import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';
import { HealthController } from './health.controller.js';
import { StatusController } from './status.controller.js';

@Module({
  // Terminus would log an error at every 503. The module already logs every change.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, StatusController],
  providers: [SidecarAgentHealthIndicator],
})
export class HealthModule {}
