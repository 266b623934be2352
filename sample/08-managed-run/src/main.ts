import type { ConfigType } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, Transport } from '@nestjs/microservices';
import { runSidecarApp } from 'nestjs-sidecar-agent';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';
import { meshConfig } from './mesh.config.js';

// Resolves when everything is closed; if it rejects, the process ends with 1. The run handles the
// signals, so do not enable shutdown hooks.
await runSidecarApp(() =>
  NestFactory.createMicroservice<AsyncMicroserviceOptions>(AppModule, {
    inject: [meshConfig.KEY],
    useFactory: (config: ConfigType<typeof meshConfig>) => ({
      transport: Transport.GRPC,
      options: grpcOptions(config),
    }),
    abortOnError: false,
  }),
);
