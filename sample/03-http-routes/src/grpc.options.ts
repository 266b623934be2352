import { fileURLToPath } from 'node:url';
import type { GrpcOptions } from '@nestjs/microservices';
import { protoIncludeDir } from 'nestjs-sidecar-agent';

/** The options of the server and of the module, which reads methods, routes and port from them. */
export const grpcOptions: GrpcOptions['options'] = {
  package: 'acme.library.v1',
  protoPath: fileURLToPath(new URL('../proto/library.proto', import.meta.url)),
  // The folder of google/api/annotations.proto, which the proto imports.
  loader: { includeDirs: [protoIncludeDir()] },
  url: `127.0.0.1:${process.env.GRPC_PORT ?? '10520'}`,
};
