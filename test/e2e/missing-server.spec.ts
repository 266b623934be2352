import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, Logger, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { SidecarAgent, SidecarAgentModule, SidecarClock } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import {
  APP_SHAPES,
  createGreeterApp,
  type GreeterOptions,
  greeterOptions,
  LogBook,
} from '../support/greeter-app.js';
import { greeterGrpcOptions, GreeterModule } from '../support/greeter.js';
import { SteppedClock } from '../support/stepped-clock.js';

const HOST = '127.0.0.1';
const MISSING = /^warn Not registered: the option grpc is given, but the application has no gRPC server\./;
const IDLE = /^warn Not registered: the option grpc is given, but its gRPC server is not listening\./;

describe('the option grpc without a gRPC server that listens', () => {
  let agent: EmbeddedAgent;
  let clock: SteppedClock;
  let logs: LogBook;
  let port: number;
  const opened: INestApplicationContext[] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    clock = new SteppedClock();
    logs = new LogBook();
    Logger.overrideLogger(logs);
    port = await freePort();
  });

  afterEach(async () => {
    for (const app of opened.splice(0)) await app.close();
    await agent.stop();
  });

  function appModule(more: GreeterOptions = {}): Type {
    const providers = [{ provide: SidecarClock, useValue: clock }];
    const sidecar = SidecarAgentModule.forRoot(
      greeterOptions(port, { baseUrl: agent.url, providers, ...more }),
    );
    class AppModule {}
    Module({ imports: [GreeterModule, sidecar] })(AppModule);
    return AppModule;
  }

  async function createHttp(more?: GreeterOptions) {
    const app = await NestFactory.create(appModule(more), { logger: logs, abortOnError: false });
    opened.push(app);
    return app;
  }

  const microservice = (): MicroserviceOptions => ({
    transport: Transport.GRPC,
    options: greeterGrpcOptions(port),
  });
  const told = () => logs.sidecar.filter((line) => line.includes('option grpc') || line.includes('Not reg'));

  it('is told once of an HTTP application that listens, after five seconds', async () => {
    const app = await createHttp();
    await app.listen(0, HOST);
    clock.pass(4_999);
    expect(told()).toEqual([]);
    clock.pass(1);
    expect(told()).toEqual([expect.stringMatching(MISSING)]);
    clock.pass(600_000);
    expect(told()).toHaveLength(1);
  });

  it('is told of a hybrid application that never starts its microservices', async () => {
    const app = await createHttp();
    app.connectMicroservice(microservice());
    await app.listen(0, HOST);
    clock.pass(5_000);
    expect(told()).toEqual([expect.stringMatching(IDLE)]);
    // They may start after all.
    await app.startAllMicroservices();
    await app.get(SidecarAgent).registered();
    clock.pass(600_000);
    expect(told()).toHaveLength(1);
  });

  it('is told of an application without any server', async () => {
    const app = await NestFactory.createApplicationContext(appModule(), { logger: logs });
    opened.push(app);
    clock.pass(5_000);
    expect(told()).toEqual([expect.stringMatching(MISSING)]);
  });

  it('is told of a microservice of another transport', async () => {
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(appModule(), {
      transport: Transport.TCP,
      options: { host: HOST, port },
      logger: logs,
    });
    opened.push(app);
    await app.listen();
    clock.pass(5_000);
    expect(told()).toEqual([expect.stringMatching(MISSING)]);
  });

  it('is told of an HTTP application that is only initialised after a minute, not before', async () => {
    const app = await createHttp();
    await app.init();
    clock.pass(59_999);
    expect(told()).toEqual([]);
    clock.pass(1);
    expect(told()).toEqual([expect.stringMatching(MISSING)]);
  });

  it('waits five seconds from listen() on, however long ago the application was initialised', async () => {
    const app = await createHttp();
    app.connectMicroservice(microservice());
    await app.init();
    clock.pass(59_999);
    await app.listen(0, HOST);
    clock.pass(4_999);
    expect(told()).toEqual([]);
    await app.startAllMicroservices();
    await app.get(SidecarAgent).registered();
    clock.pass(600_000);
    expect(told()).toEqual([]);
  });

  it('is not told of a hybrid application whose gRPC port is taken, and that listens', async () => {
    const taken = createServer().listen(port, HOST);
    await once(taken, 'listening');
    const app = await createHttp();
    app.connectMicroservice(microservice());
    await expect(app.startAllMicroservices()).rejects.toThrow('EADDRINUSE');
    await app.listen(0, HOST);
    clock.pass(600_000);
    taken.close();
    expect(told()).toEqual([expect.stringContaining('Not registered: the gRPC server failed to listen: ')]);
  });

  it.each(APP_SHAPES)('is not told of a %s', async (shape) => {
    const providers = [{ provide: SidecarClock, useValue: clock }];
    const greeter = await createGreeterApp(shape, { baseUrl: agent.url, providers });
    ({ logs } = greeter);
    opened.push(greeter.app);
    await greeter.listen();
    await greeter.app.get(SidecarAgent).registered();
    clock.pass(600_000);
    expect(told()).toEqual([]);
  });

  it('is not told of a hybrid application that is initialised and does not listen', async () => {
    const app = await createHttp();
    app.connectMicroservice(microservice());
    await app.startAllMicroservices();
    await app.init();
    await app.get(SidecarAgent).registered();
    clock.pass(600_000);
    expect(told()).toEqual([]);
  });

  it('is not told of an application that has been closed', async () => {
    const app = await createHttp();
    await app.listen(0, HOST);
    await app.close();
    opened.splice(0);
    clock.pass(600_000);
    expect(told()).toEqual([]);
  });

  it("is told at once, and once, with protocol 'http', which ignores it", async () => {
    const app = await createHttp({ protocol: 'http' });
    await app.listen(0, HOST);
    await app.get(SidecarAgent).registered();
    await app.get(SidecarAgent).start();
    expect(told()).toEqual([
      expect.stringMatching(
        /^warn The option grpc has no effect, since protocol is 'http': .* Leave grpc out/,
      ),
    ]);
  });

  it("is not told with protocol 'http' and no such option", async () => {
    const app = await createHttp({ protocol: 'http', grpc: undefined });
    await app.listen(0, HOST);
    await app.get(SidecarAgent).registered();
    clock.pass(600_000);
    expect(told()).toEqual([]);
  });
});
