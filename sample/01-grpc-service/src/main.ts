import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, Transport } from '@nestjs/microservices';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';

const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(AppModule, {
  inject: [ConfigService],
  useFactory: (config: ConfigService) => ({ transport: Transport.GRPC, options: grpcOptions(config) }),
});
// Without shutdown hooks the service does not drain and deregister at SIGTERM.
// `useProcessExit` lets the process exit with 0 after them, not with 143.
app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP'], { useProcessExit: true });
await app.listen();
