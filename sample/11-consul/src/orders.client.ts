import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { type Instance, passing } from './discovery.js';
import { PROTO } from './orders/grpc.options.js';

export interface Order {
  readonly item: string;
  readonly count: number;
  readonly left: number;
}

/** Places an order at an instance of the service `orders`, which Consul knows. */
export async function placeOrder(item: string, count: number): Promise<Order> {
  return call(await passing('orders'), { item, count });
}

function call({ Address, Port }: Instance, request: object): Promise<Order> {
  const service = loadSync(PROTO)['acme.orders.v1.OrderService'];
  const method = service && !('format' in service) ? service.Place : undefined;
  if (!method) throw new Error(`${PROTO} has no OrderService/Place`);
  // Both processes are on one host: do not use a proxy from the environment.
  const client = new Client(`${Address}:${Port}`, credentials.createInsecure(), {
    'grpc.enable_http_proxy': 0,
  });
  return new Promise<Order>((resolve, reject) => {
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      (bytes) => method.responseDeserialize(bytes) as Order,
      request,
      { deadline: Date.now() + 10_000 },
      (error: ServiceError | null, order) =>
        order ? resolve(order) : reject(error ?? new Error('no order')),
    );
  }).finally(() => client.close());
}
