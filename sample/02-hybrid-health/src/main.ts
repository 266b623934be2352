import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { AppModule } from './app.module.js';
import { grpcOptions } from './grpc.options.js';
import { startTelemetry } from './telemetry/telemetry.js';

startTelemetry();
const app = await NestFactory.create(AppModule);
const config = app.get(ConfigService);
app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options: grpcOptions(config) });
// Without shutdown hooks the service does not drain and deregister at SIGTERM.
// `useProcessExit` lets the process exit with 0 after them, not with 143.
app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP'], { useProcessExit: true });
await app.startAllMicroservices();
// Needed even without HTTP clients: listen() runs the hooks in which the module registers.
await app.listen(Number(config.get<string>('HTTP_PORT', '3000')), '127.0.0.1');
