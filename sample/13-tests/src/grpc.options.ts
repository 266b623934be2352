import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';

/** The tests set another port: 0, for any that is free. */
export const grpcOptions: GrpcOptions['options'] = {
  package: 'acme.jobs.v1',
  protoPath: fileURLToPath(new URL('../proto/jobs.proto', import.meta.url)),
  url: `127.0.0.1:${process.env.GRPC_PORT ?? '10630'}`,
};
