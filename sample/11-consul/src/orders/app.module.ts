import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { consulProviders } from 'nestjs-sidecar-agent/consul';
import { grpcOptions } from './grpc.options.js';
import { OrdersController } from './orders.controller.js';

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10012', name: 'shop', env: 'dev', version: 'v1.0.0' },
      service: { name: 'orders' },
      grpc: grpcOptions,
      drainDelay: process.env.DRAIN_DELAY ?? '300ms',
      // The server listens on the loopback interface only: callers cannot use the node's address.
      providers: consulProviders({ address: '127.0.0.1' }),
    }),
  ],
  controllers: [OrdersController],
})
export class AppModule {}
