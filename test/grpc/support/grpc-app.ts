import type { INestMicroservice, Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { type GrpcOptions, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { inspectGrpcServer, type GrpcInventory } from '../../../lib/service/grpc/grpc-inventory.js';
import { findGrpcServers, type GrpcServer } from '../../../lib/service/grpc/grpc-server.js';
import { freeUrl } from './fixtures.js';

export type GrpcServerOptions = GrpcOptions['options'];

/** A microservice under test, which `closeApps()` closes. */
export interface GrpcApp {
  readonly app: INestMicroservice;
  readonly grpc: GrpcServerOptions;
  readonly url: string;
  readonly server: GrpcServer;
  readonly inspect: () => Promise<GrpcInventory>;
}

const apps: { close(): Promise<void> }[] = [];

/** Lets `closeApps()` close the app. */
export function closeLater<T extends { close(): Promise<void> }>(app: T): T {
  apps.push(app);
  return app;
}

export async function closeApps(): Promise<void> {
  await Promise.all(apps.splice(0).map((app) => app.close()));
}

/** Returns a module with these controllers only. */
export function moduleOf(...controllers: Type[]) {
  class AppModule {}
  return { module: AppModule, controllers };
}

/** Creates a microservice that does not listen yet. */
export async function createGrpcApp(
  controllers: Type[],
  options: Omit<GrpcServerOptions, 'url'>,
): Promise<GrpcApp> {
  const url = await freeUrl();
  const grpc = { ...options, url };
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(moduleOf(...controllers), {
    transport: Transport.GRPC,
    options: grpc,
    logger: false,
  });
  closeLater(app);
  const [server] = findGrpcServers(app.get(ModulesContainer));
  if (server === undefined) throw new Error('no gRPC server');
  return { app, grpc, url, server, inspect: () => inspectGrpcServer(server, grpc) };
}

/** Creates a microservice that listens. */
export async function startGrpcApp(
  controllers: Type[],
  options: Omit<GrpcServerOptions, 'url'>,
): Promise<GrpcApp> {
  const grpcApp = await createGrpcApp(controllers, options);
  await grpcApp.app.listen();
  return grpcApp;
}
