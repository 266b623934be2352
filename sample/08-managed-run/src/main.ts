import type { ConfigType } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, Transport } from '@nestjs/microservices';
import { runSidecarApp } from 'nestjs-sidecar-agent';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';
import { meshConfig } from './mesh.config.js';

// Until all is closed; no shutdown hooks are enabled, for the run has the signals. What it rejects with ends the process with 1.
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
