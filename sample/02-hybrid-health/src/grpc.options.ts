import { fileURLToPath } from 'node:url';
import type { ConfigService } from '@nestjs/config';
import type { GrpcOptions } from '@nestjs/microservices';
import { withGrpcHealth } from 'nestjs-sidecar-agent/grpc-health';

/** The options of the server and of the module, which reads the methods and the port from them. */
export function grpcOptions(config: ConfigService): GrpcOptions['options'] {
  // Adds grpc.health.v1.Health to the server.
  return withGrpcHealth({
    package: 'acme.catalog.v1',
    protoPath: fileURLToPath(new URL('../proto/catalog.proto', import.meta.url)),
    url: `127.0.0.1:${config.get<string>('GRPC_PORT', '10510')}`,
  });
}
