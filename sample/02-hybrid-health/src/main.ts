import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';

const app = await NestFactory.create(AppModule);
const config = app.get(ConfigService);
app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options: grpcOptions(config) });
// Without hooks nothing drains or deregisters at SIGTERM; with `useProcessExit` the process then exits with 0, not 143.
app.enableShutdownHooks([], { useProcessExit: true });
await app.startAllMicroservices();
// Needed even where nobody asks over HTTP: it is what runs the hooks by which the service is registered.
await app.listen(Number(config.get<string>('HTTP_PORT', '3000')), '127.0.0.1');
