import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, Transport } from '@nestjs/microservices';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';

const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(AppModule, {
  inject: [ConfigService],
  useFactory: (config: ConfigService) => ({ transport: Transport.GRPC, options: grpcOptions(config) }),
});
// Without hooks nothing drains or deregisters at SIGTERM; with `useProcessExit` the process then exits with 0, not 143.
app.enableShutdownHooks([], { useProcessExit: true });
await app.listen();
