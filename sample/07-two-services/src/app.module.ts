import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { SidecarAgentHealthIndicator } from 'nestjs-sidecar-agent/terminus';
import { BillingModule } from './billing/billing.module.js';
import { HealthController } from './health.controller.js';
import { SearchModule } from './search/search.module.js';

@Module({
  imports: [BillingModule, SearchModule, TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [SidecarAgentHealthIndicator.forName('billing'), SidecarAgentHealthIndicator.forName('search')],
})
export class AppModule {}
