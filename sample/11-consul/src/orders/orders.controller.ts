import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { passing } from '../discovery.js';

interface PlaceRequest {
  readonly item: string;
  readonly count: number;
}

@Controller()
export class OrdersController {
  /** Takes the items from an instance of the service `stock` that Consul lists. */
  @GrpcMethod('OrderService', 'Place')
  async place({ item, count }: PlaceRequest) {
    const { Address, Port } = await passing('stock');
    const response = await fetch(`http://${Address}:${Port}/stock/${item}/take`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ count }),
    });
    const { left } = (await response.json()) as { left: number };
    return { item, count, left };
  }
}
