import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { runSidecarApp } from 'nestjs-sidecar-agent';
import { served } from './grpc.options.js';

/** Runs one of the two services, until a signal ends it. */
export function serve(module: Type, options: Parameters<typeof served>[0]): Promise<void> {
  // If the process that started this one dies, nobody sends the signal. The channel to it must not
  // keep this process alive.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
  return runSidecarApp(() =>
    NestFactory.createMicroservice<MicroserviceOptions>(module, {
      transport: Transport.GRPC,
      options: served(options),
      abortOnError: false,
    }),
  );
}
