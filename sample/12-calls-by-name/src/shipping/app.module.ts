import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { orders, served, shipping } from '../grpc.options.js';
import { meshClient } from '../mesh.clients.js';
import { ShippingController } from './shipping.controller.js';

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      app: { id: '10013', name: 'dispatch', env: 'dev', version: 'v1.0.0' },
      service: { name: 'shipping' },
      grpc: served(shipping),
      baseUrl: process.env.SIDECAR_AGENT_BASE_URL,
      drainDelay: process.env.DRAIN_DELAY ?? '300ms',
    }),
    ClientsModule.register([{ name: 'ORDERS', ...meshClient('orders', orders) }]),
  ],
  controllers: [ShippingController],
})
export class AppModule {}
