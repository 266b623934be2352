import { status } from '@grpc/grpc-js';
import { Controller, Inject } from '@nestjs/common';
import { type ClientGrpc, GrpcMethod, RpcException } from '@nestjs/microservices';
import { firstValueFrom, type Observable } from 'rxjs';

interface Order {
  readonly item: string;
  readonly count: number;
}

interface ShippingService {
  ship(request: { orderId: number }): Observable<{ text: string }>;
}

@Controller()
export class OrdersController {
  private readonly placed: Order[] = [];
  private readonly shipping: ShippingService;

  constructor(@Inject('SHIPPING') client: ClientGrpc) {
    // Connects at the first call, so neither service waits for the other one at its start.
    this.shipping = client.getService<ShippingService>('ShippingService');
  }

  @GrpcMethod('OrderService', 'Place')
  async place(order: Order) {
    const orderId = this.placed.push(order);
    const { text } = await firstValueFrom(this.shipping.ship({ orderId }));
    return { id: orderId, shipment: text };
  }

  @GrpcMethod('OrderService', 'Find')
  find({ id }: { id: number }): Order {
    const order = this.placed[id - 1];
    if (!order) throw new RpcException({ code: status.NOT_FOUND, message: `there is no order ${id}` });
    return order;
  }
}
