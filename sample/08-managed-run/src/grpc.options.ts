import { fileURLToPath } from 'node:url';
import type { ConfigType } from '@nestjs/config';
import type { GrpcOptions } from '@nestjs/microservices';
import type { meshConfig } from './mesh.config.js';

/** The options of the server and of the module, which reads the methods from them. */
export function grpcOptions(config: ConfigType<typeof meshConfig>): GrpcOptions['options'] {
  return {
    package: 'acme.stock.v1',
    protoPath: fileURLToPath(new URL('../proto/stock.proto', import.meta.url)),
    url: `127.0.0.1:${config.serverPort}`,
  };
}
