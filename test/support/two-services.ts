import { type DynamicModule, type INestApplication, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type GrpcOptions, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { SidecarAgentModule } from '../../lib/index.js';
import { FarewellModule, farewellGrpcOptions } from './farewell.js';
import { type GreeterOptions, greeterOptions, LogBook } from './greeter-app.js';
import { GreeterModule, greeterGrpcOptions } from './greeter.js';

export const GREETER = greeterGrpcOptions(0);
export const FAREWELL = farewellGrpcOptions(0);

/** The module of the greeter, under the name `greeter`. */
export function greeterSidecar(more: GreeterOptions): DynamicModule {
  return SidecarAgentModule.forRoot({ ...greeterOptions(0, { name: 'greeter', ...more }), grpc: GREETER });
}

/** The module of the farewell service, under the name `farewell`, its options made by a factory. */
export function farewellSidecar({ name = 'farewell', providers, ...more }: GreeterOptions): DynamicModule {
  return SidecarAgentModule.forRootAsync({
    name,
    providers,
    useFactory: () => ({
      ...greeterOptions(0, { service: { name: 'farewell' }, ...more }),
      grpc: FAREWELL,
    }),
  });
}

/** An application with two gRPC servers, made and not yet listening. */
export async function createTwoServices(
  imports: DynamicModule[],
  servers: readonly GrpcOptions['options'][] = [GREETER, FAREWELL],
): Promise<{ app: INestApplication; logs: LogBook }> {
  @Module({ imports: [GreeterModule, FarewellModule, ...imports] })
  class AppModule {}

  const logs = new LogBook();
  Logger.overrideLogger(logs);
  const app = await NestFactory.create(AppModule, { logger: logs, abortOnError: false });
  for (const options of servers) {
    app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options });
  }
  return { app, logs };
}
