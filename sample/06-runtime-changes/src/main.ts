import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';

const app = await NestFactory.create(AppModule);
app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options: grpcOptions });
app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP'], { useProcessExit: true });
await app.startAllMicroservices();
// On loopback, because everyone who reaches this port can take the service out of rotation.
await app.listen(Number(process.env.HTTP_PORT ?? '3006'), '127.0.0.1');
