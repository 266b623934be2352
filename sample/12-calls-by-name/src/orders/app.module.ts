import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { orders, served, shipping } from '../grpc.options.js';
import { meshClient } from '../mesh.clients.js';
import { OrdersController } from './orders.controller.js';

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10012', name: 'shop', env: 'dev', version: 'v1.0.0' },
      service: { name: 'orders' },
      grpc: served(orders),
      baseUrl: process.env.SIDECAR_AGENT_BASE_URL,
      drainDelay: process.env.DRAIN_DELAY ?? '300ms',
    }),
    ClientsModule.register([{ name: 'SHIPPING', ...meshClient('shipping', shipping) }]),
  ],
  controllers: [OrdersController],
})
export class AppModule {}
