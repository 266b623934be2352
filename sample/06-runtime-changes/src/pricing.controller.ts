import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';

@Controller()
export class PricingController {
  @GrpcMethod('PricingService', 'Quote')
  quote({ sku }: { sku: string }) {
    return { sku, cents: sku.length * 100 };
  }
}
