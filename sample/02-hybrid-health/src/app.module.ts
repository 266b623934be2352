import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { CatalogController } from './catalog.controller.js';
import { HealthModule } from './health/health.module.js';
import { SidecarOptionsFactory } from './sidecar-options.factory.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    SidecarAgentModule.forRootAsync({ useClass: SidecarOptionsFactory }),
    HealthModule,
  ],
  controllers: [CatalogController],
})
export class AppModule {}
