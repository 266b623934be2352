import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { SidecarAgentOtelModule } from 'nestjs-sidecar-agent/otel';
import { CatalogController } from './catalog.controller.js';
import { HealthModule } from './health/health.module.js';
import { SidecarOptionsFactory } from './sidecar-options.factory.js';
import { MetricsController } from './telemetry/metrics.controller.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    SidecarAgentModule.forRootAsync({ useClass: SidecarOptionsFactory }),
    SidecarAgentOtelModule.forRoot(),
    HealthModule,
  ],
  controllers: [CatalogController, MetricsController],
})
export class AppModule {}
