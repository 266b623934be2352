import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, type MicroserviceOptions, ServerGrpc, Transport } from '@nestjs/microservices';
import { buildGrpcMethods } from '../../lib/service/grpc/build-grpc-methods.js';
import { GrpcReflectionError } from '../../lib/errors/grpc-reflection.error.js';
import { freeUrl, proto } from './support/fixtures.js';
import { closeApps, closeLater, createGrpcApp, moduleOf, startGrpcApp } from './support/grpc-app.js';
import { statusesOf } from './support/grpc-call.js';
import { HeroController } from './support/hero.controller.js';

const HEROES = { package: 'hero.v1', protoPath: proto('hero') };
const SERVED_HEROES = ['Chat', 'Collect', 'FindMany', 'FindOne'].map((rpc) => `/hero.v1.HeroService/${rpc}`);

async function createHttpApp(...controllers: Parameters<typeof moduleOf>) {
  return closeLater(await NestFactory.create(moduleOf(...controllers), { logger: false }));
}

async function connectTcp(app: INestApplication): Promise<void> {
  const port = Number((await freeUrl()).split(':')[1]);
  app.connectMicroservice<MicroserviceOptions>({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port },
  });
}

describe('buildGrpcMethods', () => {
  afterEach(closeApps);

  it('lists the methods of a microservice that listens', async () => {
    const { app, grpc, url } = await startGrpcApp([HeroController], HEROES);
    const methods = await buildGrpcMethods(app, grpc);
    expect(methods).toEqual(SERVED_HEROES);
    expect(new Set(Object.values(await statusesOf(url, methods)))).toEqual(new Set(['OK']));
  });

  it('lists the methods of a microservice after init()', async () => {
    const { app, grpc } = await createGrpcApp([HeroController], HEROES);
    await app.init();
    expect(await buildGrpcMethods(app, grpc)).toEqual(SERVED_HEROES);
  });

  it('lists the methods of a hybrid application from connectMicroservice() on', async () => {
    const url = await freeUrl();
    const app = await createHttpApp(HeroController);
    app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options: { ...HEROES, url } });
    expect(await buildGrpcMethods(app, HEROES)).toEqual(SERVED_HEROES);
    await app.init();
    expect(await buildGrpcMethods(app, HEROES)).toEqual(SERVED_HEROES);
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    expect(await buildGrpcMethods(app, HEROES)).toEqual(SERVED_HEROES);
    expect(new Set(Object.values(await statusesOf(url, SERVED_HEROES)))).toEqual(new Set(['OK']));
  });

  it('lists the methods of a hybrid application with deferred initialization once it has started', async () => {
    const app = await createHttpApp(HeroController);
    app.connectMicroservice<MicroserviceOptions>(
      { transport: Transport.GRPC, options: { ...HEROES, url: await freeUrl() } },
      { deferInitialization: true },
    );
    await expect(buildGrpcMethods(app, HEROES)).rejects.toThrow('the gRPC server has no handlers: ');
    await app.startAllMicroservices();
    expect(await buildGrpcMethods(app, HEROES)).toEqual(SERVED_HEROES);
  });

  it('distinguishes the servers of a hybrid application by the options', async () => {
    @Controller()
    class VillainController {
      @GrpcMethod('VillainService')
      findOne() {
        return {};
      }
    }

    const villains = { package: 'villain', protoPath: proto('villain') };
    const app = await createHttpApp(HeroController, VillainController);
    for (const options of [HEROES, villains]) {
      const url = await freeUrl();
      app.connectMicroservice<MicroserviceOptions>({
        transport: Transport.GRPC,
        options: { ...options, url },
      });
    }
    await connectTcp(app);
    await app.startAllMicroservices();
    expect(await buildGrpcMethods(app, HEROES)).toEqual(SERVED_HEROES);
    expect(await buildGrpcMethods(app, villains)).toEqual(['/villain.VillainService/FindOne']);
  });

  it('accepts a custom strategy that extends the gRPC server', async () => {
    class TracedServerGrpc extends ServerGrpc {}

    const app = await createHttpApp(HeroController);
    app.connectMicroservice<MicroserviceOptions>({
      strategy: new TracedServerGrpc({ ...HEROES, url: await freeUrl() }),
    });
    await app.startAllMicroservices();
    expect(await buildGrpcMethods(app, HEROES)).toEqual(SERVED_HEROES);
  });

  it('throws if there is no gRPC server', async () => {
    const app = await createHttpApp(HeroController);
    await connectTcp(app);
    await expect(buildGrpcMethods(app, HEROES)).rejects.toThrow('the application has no gRPC server: ');
    await expect(buildGrpcMethods(app, HEROES)).rejects.toThrow(GrpcReflectionError);
  });

  it('throws if Nest has not registered the handlers yet', async () => {
    const { app, grpc } = await createGrpcApp([HeroController], HEROES);
    await expect(buildGrpcMethods(app, grpc)).rejects.toThrow(
      'call buildGrpcMethods() after app.listen() or app.init()',
    );
  });
});
