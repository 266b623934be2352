import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { grpcOptions } from './grpc.options.js';
import { QuoteController } from './quote.controller.js';

const env = process.env;

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10009', name: 'exchange', env: 'dev', version: 'v1.0.0', instanceId: env.INSTANCE_ID },
      service: { name: env.SERVICE_NAME ?? 'quote' },
      grpc: grpcOptions,
      baseUrl: env.SIDECAR_AGENT_BASE_URL,
      drainDelay: env.DRAIN_DELAY,
    }),
  ],
  controllers: [QuoteController],
})
export class AppModule {}
