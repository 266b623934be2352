import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';

export const PROTO = fileURLToPath(new URL('../../proto/orders.proto', import.meta.url));

/** With port 0 the system chooses a free port, and the module registers that port. */
export const grpcOptions: GrpcOptions['options'] = {
  package: 'acme.orders.v1',
  protoPath: PROTO,
  url: '127.0.0.1:0',
};
