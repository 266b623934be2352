import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { grpcOptions } from './grpc.options.js';
import { PricingController } from './pricing.controller.js';
import { RotationController } from './rotation.controller.js';

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10006', name: 'shop', env: 'dev', version: 'v2.0.0-canary' },
      service: { name: 'pricing', weight: 1 },
      grpc: grpcOptions,
      baseUrl: process.env.SIDECAR_AGENT_BASE_URL ?? 'http://127.0.0.1:15010',
      drainDelay: process.env.DRAIN_DELAY ?? 'auto',
    }),
  ],
  controllers: [PricingController, RotationController],
})
export class AppModule {}
