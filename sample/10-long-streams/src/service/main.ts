import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { runSidecarApp } from 'nestjs-sidecar-agent';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';

// If the process that started this one dies, nobody sends the signal. The channel to it must not
// keep this process alive.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

await runSidecarApp(() =>
  NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    transport: Transport.GRPC,
    options: grpcOptions,
    abortOnError: false,
  }),
);
