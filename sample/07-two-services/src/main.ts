import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { AppModule } from './app.module.js';
import { billingOptions, searchOptions } from './grpc.options.js';

const app = await NestFactory.create(AppModule);
for (const options of [billingOptions, searchOptions]) {
  app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options });
}
// Without shutdown hooks the service does not drain and deregister at SIGTERM.
// `useProcessExit` lets the process exit with 0 after them, not with 143.
app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP'], { useProcessExit: true });
await app.startAllMicroservices();
await app.listen(Number(process.env.HTTP_PORT ?? '3000'), '127.0.0.1');
