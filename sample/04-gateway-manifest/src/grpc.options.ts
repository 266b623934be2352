import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';
import { protoIncludeDir } from 'nestjs-sidecar-agent';

/** One set of options for the server and for what is announced of it: the port is read from it. */
export const grpcOptions: GrpcOptions['options'] = {
  package: 'acme.ticket.v1',
  protoPath: fileURLToPath(new URL('../proto/ticket.proto', import.meta.url)),
  // Where google/api/annotations.proto is, which the proto imports.
  loader: { includeDirs: [protoIncludeDir()] },
  url: `127.0.0.1:${process.env.GRPC_PORT ?? '10530'}`,
};
