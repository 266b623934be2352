import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';
import { protoIncludeDir } from 'nestjs-sidecar-agent';

/** One set of options for the server and for what is announced of it: methods, routes and port are read from these. */
export const grpcOptions: GrpcOptions['options'] = {
  package: 'acme.library.v1',
  protoPath: fileURLToPath(new URL('../proto/library.proto', import.meta.url)),
  // Where google/api/annotations.proto is, which the proto imports.
  loader: { includeDirs: [protoIncludeDir()] },
  url: `127.0.0.1:${process.env.GRPC_PORT ?? '10520'}`,
};
