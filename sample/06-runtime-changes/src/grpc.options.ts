import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';

/** One set of options for the server and for what is announced of it: the methods and the port are read from these. */
export const grpcOptions: GrpcOptions['options'] = {
  package: 'acme.pricing.v1',
  protoPath: fileURLToPath(new URL('../proto/pricing.proto', import.meta.url)),
  url: `127.0.0.1:${process.env.GRPC_PORT ?? '10560'}`,
};
