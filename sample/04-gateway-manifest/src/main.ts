import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { SidecarAgent } from 'nestjs-sidecar-agent';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';

const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
  transport: Transport.GRPC,
  options: grpcOptions,
});
app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP'], { useProcessExit: true });
await app.listen();
for (const { httpMethod, path, fullMethod } of app.get(SidecarAgent).node?.httpRoutes ?? []) {
  new Logger('Routes').log(`${httpMethod} ${path} -> ${fullMethod}`);
}
