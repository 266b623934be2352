import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { consulProviders } from 'nestjs-sidecar-agent/consul';
import { StockController } from './stock.controller.js';

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10011', name: 'warehouse', env: 'dev', version: 'v1.0.0' },
      service: { name: 'stock' },
      protocol: 'http',
      drainDelay: process.env.DRAIN_DELAY ?? '300ms',
      // The server listens on the loopback interface only: callers cannot use the node's address.
      providers: consulProviders({ address: '127.0.0.1' }),
    }),
  ],
  controllers: [StockController],
})
export class AppModule {}
