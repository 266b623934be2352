import { Controller, Inject } from '@nestjs/common';
import { type ClientGrpc, GrpcMethod } from '@nestjs/microservices';
import { map, type Observable } from 'rxjs';

interface OrderService {
  find(request: { id: number }): Observable<{ item: string; count: number }>;
}

@Controller()
export class ShippingController {
  private readonly orders: OrderService;

  constructor(@Inject('ORDERS') client: ClientGrpc) {
    this.orders = client.getService<OrderService>('OrderService');
  }

  /** Asks the service `orders` what to ship. */
  @GrpcMethod('ShippingService', 'Ship')
  ship({ orderId }: { orderId: number }): Observable<{ text: string }> {
    const order = this.orders.find({ id: orderId });
    return order.pipe(map(({ item, count }) => ({ text: `${count} × ${item}` })));
  }
}
