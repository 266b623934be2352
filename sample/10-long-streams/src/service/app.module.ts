import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { grpcOptions } from './grpc.options.js';
import { TickerController } from './ticker.controller.js';

const env = process.env;

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10010', name: 'exchange', env: 'dev', version: 'v1.0.0', instanceId: env.INSTANCE_ID },
      service: { name: 'ticker' },
      grpc: grpcOptions,
      baseUrl: env.SIDECAR_AGENT_BASE_URL,
      drainDelay: env.DRAIN_DELAY ?? '1s',
    }),
  ],
  controllers: [TickerController],
})
export class AppModule {}
