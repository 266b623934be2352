import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidOptionsError, SidecarAgent, SidecarAgentError, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import {
  APP_SHAPES,
  createGreeterApp,
  type GreeterApp,
  type GreeterOptions,
  greeterOptions,
  LogBook,
} from '../support/greeter-app.js';
import { GreeterClient, GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { statusWhere } from '../support/status-where.js';

describe('the port that was bound', () => {
  let agent: EmbeddedAgent;
  const opened: GreeterApp['app'][] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    for (const app of opened.splice(0)) await app.close();
    await agent.stop();
  });

  it.each(APP_SHAPES)('is announced of a %s with port 0', async (shape) => {
    const { app, listen, logs } = await createGreeterApp(shape, { baseUrl: agent.url }, { port: 0 });
    opened.push(app);
    await listen();
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
    const port = app.get(SidecarAgent).node?.serverPort ?? 0;
    expect(agent.services().map((service) => service.port)).toEqual([port]);
    const client = new GreeterClient(port);
    await expect(client.greet('you')).resolves.toBe('hello you');
    client.close();
    expect(logs.sidecar.join('\n')).not.toContain('Registering port');
  });

  it('gives way to serverPort, with a warning', async () => {
    const serverPort = await freePort();
    const { app, listen, logs } = await createGreeterApp(
      'microservice',
      { baseUrl: agent.url, serverPort },
      { port: 0 },
    );
    opened.push(app);
    await listen();
    expect(app.get(SidecarAgent).node?.serverPort).toBe(serverPort);
    expect(logs.sidecar.join('\n')).toMatch(
      new RegExp(`Registering port ${serverPort}, but the gRPC server listens on (?!${serverPort})\\d{4,5}:`),
    );
  });

  it('is announced if grpc.url of the module names another, with a warning', async () => {
    const other = await freePort();
    const grpc = greeterGrpcOptions(other);
    const { app, port, listen, logs } = await createGreeterApp('microservice', { baseUrl: agent.url, grpc });
    opened.push(app);
    await listen();
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
    expect(agent.services().map((service) => service.port)).toEqual([port]);
    expect(logs.sidecar.filter((line) => line.includes(' port '))).toContainEqual(
      expect.stringContaining(
        `warn The option grpc.url names port ${other}, but the gRPC server listens on ${port}: registering port ${port}`,
      ),
    );
  });

  describe('of a Unix socket is none', () => {
    let directory: string;

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'sidecar-grpc-'));
    });

    afterEach(async () => {
      for (const app of opened.splice(0)) await app.close();
      await rm(directory, { recursive: true });
    });

    const create = async (more: GreeterOptions, url = `unix:${join(directory, 'grpc.sock')}`) => {
      const greeter = await createGreeterApp(
        'microservice',
        { baseUrl: agent.url, grpc: greeterGrpcOptions(0, { url }), ...more },
        { grpc: { url } },
      );
      opened.push(greeter.app);
      return { ...greeter, url };
    };

    it('serverPort is registered, and something must forward it to the socket', async () => {
      const serverPort = await freePort();
      const { app, listen, logs, url } = await create({ serverPort });
      await listen();
      expect(app.get(SidecarAgent).node?.serverPort).toBe(serverPort);
      expect(logs.sidecar).toContain(
        `warn Registering port ${serverPort}, but the gRPC server listens on a Unix socket (${url}): calls arrive only if something forwards the port to it SidecarAgent`,
      );
    });

    it('serverPort is required', async () => {
      await expect(create({})).rejects.toThrow(/serverPort: is required: grpc\.url names no port.*unix:/s);
    });

    it.each(['127.0.0.1:1', '127.0.0.1:0'])(
      'serverPort is required if grpc.url of the module is %s',
      async (url) => {
        const { listen } = await create({ grpc: greeterGrpcOptions(0, { url }) });
        await expect(listen()).rejects.toThrow(
          /serverPort: is required: the gRPC server listens on a Unix socket \(unix:.*\), which has no port/,
        );
        expect(agent.requests()).toEqual([]);
      },
    );
  });

  it('is asked for if two servers cannot be told apart', async () => {
    const sidecar = SidecarAgentModule.forRoot(greeterOptions(0, { baseUrl: agent.url }));

    @Module({ imports: [GreeterModule, sidecar] })
    class AppModule {}

    const app = await NestFactory.create(AppModule, { logger: new LogBook(), abortOnError: false });
    opened.push(app);
    for (const options of [greeterGrpcOptions(0), greeterGrpcOptions(0)]) {
      app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options });
    }
    await app.init();
    await expect(app.startAllMicroservices()).rejects.toThrow(
      /serverPort: is required: the application has 2 gRPC servers, and the option grpc does not tell which is the module's/,
    );
    expect(agent.requests()).toEqual([]);
  });

  it('of a Unix socket is none: an http service says so, and is not registered', async () => {
    const errors: SidecarAgentError[] = [];
    const sidecar = SidecarAgentModule.forRoot({
      ...greeterOptions(0, { baseUrl: agent.url, onError: (error) => errors.push(error) }),
      grpc: undefined,
      protocol: 'http',
    });

    @Module({ imports: [sidecar] })
    class AppModule {}

    const directory = await mkdtemp(join(tmpdir(), 'sidecar-http-'));
    try {
      const logs = new LogBook();
      Logger.overrideLogger(logs);
      const app = await NestFactory.create(AppModule, { logger: logs, abortOnError: false });
      opened.push(app);
      await app.listen(join(directory, 'http.sock'));
      const { lastErrorKind, lastError } = await statusWhere(app, (status) => status.lastErrorKind !== null);
      expect(lastErrorKind).toBe('invalid_options');
      expect(lastError).toContain('serverPort: is required: the HTTP server has no port');
      expect(errors).toEqual([expect.any(InvalidOptionsError)]);
      expect(logs.sidecar.join('\n')).toContain('serverPort: is required');
      expect(agent.requests()).toEqual([]);
    } finally {
      for (const app of opened.splice(0)) await app.close();
      await rm(directory, { recursive: true });
    }
  });
});
