import { Module } from '@nestjs/common';
import { SidecarAgentModule } from 'nestjs-sidecar-agent';
import { billingOptions } from '../grpc.options.js';
import { sharedOptions } from '../sidecar.options.js';
import { BillingController } from './billing.controller.js';

@Module({
  imports: [
    SidecarAgentModule.forRoot({
      ...sharedOptions,
      name: 'billing',
      service: { name: 'billing' },
      grpc: billingOptions,
    }),
  ],
  controllers: [BillingController],
})
export class BillingModule {}
