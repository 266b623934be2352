import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';

/** The options of the server and of the module, which reads the methods and the port from them. */
export const grpcOptions: GrpcOptions['options'] = {
  package: 'acme.pricing.v1',
  protoPath: fileURLToPath(new URL('../proto/pricing.proto', import.meta.url)),
  url: `127.0.0.1:${process.env.GRPC_PORT ?? '10560'}`,
};
