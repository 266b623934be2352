import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { type INestApplication, Logger, Module } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { FellowWorker } from '../support/fellow-worker.js';
import { freePort } from '../support/free-port.js';
import { createGreeterApp, type GreeterOptions, greeterOptions, LogBook } from '../support/greeter-app.js';
import { GreeterProcess } from '../support/greeter-process.js';
import { GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { HTTP_ADAPTERS } from '../support/http-adapters.js';
import { postedPaths } from '../support/posted-paths.js';
import { statusWhere } from '../support/status-where.js';

const HOST = '127.0.0.1';
const TAKEN = 'the HTTP server failed to listen: listen EADDRINUSE';

let agent: EmbeddedAgent;
let taken: Server;
let takenPort: number;
let logs: LogBook;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  agent = new EmbeddedAgent();
  await agent.start();
  taken = createServer().listen(0, HOST);
  await once(taken, 'listening');
  const address = taken.address();
  takenPort = typeof address === 'object' && address ? address.port : 0;
});

afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
  taken.close();
  await agent.stop();
});

const posts = () => postedPaths(agent.requests());
const warnings = () => logs.sidecar.filter((line) => line.startsWith('warn') && line.includes(TAKEN));

async function create(
  adapter: AbstractHttpAdapter,
  more: GreeterOptions = {},
  givenPort?: number,
): Promise<INestApplication> {
  const port = givenPort ?? (await freePort());
  @Module({
    imports: [
      GreeterModule,
      SidecarAgentModule.forRoot(greeterOptions(port, { baseUrl: agent.url, ...more })),
    ],
  })
  class AppModule {}
  logs = new LogBook();
  Logger.overrideLogger(logs);
  const app = await NestFactory.create(AppModule, adapter, { logger: logs, abortOnError: false });
  opened.push(app);
  const options = greeterGrpcOptions(port);
  app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options });
  return app;
}

/** Another service registers meanwhile: whatever the first had to say came before. */
async function another(): Promise<void> {
  const lucky = await createGreeterApp('microservice', { baseUrl: agent.url, service: { name: 'lucky' } });
  opened.push(lucky.app);
  await lucky.listen();
  await lucky.app.get(SidecarAgent).registered();
}

const names = () =>
  agent
    .services()
    .filter(({ state }) => state !== 'Deregistered')
    .map(({ name }) => name);

describe.each(HTTP_ADAPTERS)('the HTTP port beside a gRPC service is taken, on %s', (_name, makeAdapter) => {
  it('announces nothing, where the gRPC server is bound first', async () => {
    const app = await create(makeAdapter());
    await app.startAllMicroservices();
    await expect(app.listen(takenPort, HOST)).rejects.toThrow('EADDRINUSE');
    await another();
    expect([posts(), names()]).toEqual([['/register'], ['lucky']]);
    expect(warnings()).toHaveLength(1);
  });

  it('announces nothing, where the HTTP server is first and the gRPC server is bound all the same', async () => {
    const app = await create(makeAdapter());
    await expect(app.listen(takenPort, HOST)).rejects.toThrow('EADDRINUSE');
    await app.startAllMicroservices();
    await another();
    expect([posts(), names()]).toEqual([['/register'], ['lucky']]);
    expect(warnings()).toEqual([expect.stringContaining('Not registered: ')]);
  });

  it.each(['gRPC', 'HTTP'])('registers once a later port is free (%s first)', async (first) => {
    const app = await create(makeAdapter());
    if (first === 'gRPC') await app.startAllMicroservices();
    await expect(app.listen(takenPort, HOST)).rejects.toThrow('EADDRINUSE');
    await app.listen(0, HOST);
    if (first === 'HTTP') await app.startAllMicroservices();
    await app.get(SidecarAgent).registered();
    expect([posts(), names()]).toEqual([['/register'], ['greeter']]);
  });

  it('deregisters a service that registered before, and registers it once a later port is free', async () => {
    const app = await create(makeAdapter(), { waitForRegistration: true });
    await app.startAllMicroservices();
    await expect(app.listen(takenPort, HOST)).rejects.toThrow('EADDRINUSE');
    await agent.waitFor(() => posts().includes('/deregister'));
    expect([posts(), names()]).toEqual([['/register', '/deregister'], []]);
    expect(warnings()).toEqual([expect.stringContaining('Deregistering: ')]);
    await app.listen(0, HOST);
    await app.get(SidecarAgent).registered();
    expect(names()).toEqual(['greeter']);
  });

  it('leaves the instance to another process on the gRPC port, and registers it once a later port is free', async () => {
    await agent.stop();
    agent = new EmbeddedAgent({ dialect: 'flat' });
    await agent.start();
    const port = await freePort();
    const fellow = await FellowWorker.join(agent, port);
    const app = await create(makeAdapter(), { waitForRegistration: true }, port);
    await app.startAllMicroservices();
    await expect(app.listen(takenPort, HOST)).rejects.toThrow('EADDRINUSE');
    await statusWhere(app, ({ phase }) => phase === 'deregistered');
    // The first register was tried in both dialects.
    expect([posts(), names()]).toEqual([['/register', '/register'], ['greeter']]);
    await app.listen(0, HOST);
    await app.get(SidecarAgent).registered();
    expect(posts()).toEqual(['/register', '/register', '/register']);
    await fellow.leave();
  });

  it('leaves a service alone that your code has drained', async () => {
    const app = await create(makeAdapter(), { waitForRegistration: true });
    await app.startAllMicroservices();
    await app.init();
    await app.get(SidecarAgent).drain();
    await expect(app.listen(takenPort, HOST)).rejects.toThrow('EADDRINUSE');
    await app.listen(0, HOST);
    await another();
    expect(posts()).toEqual(['/register', '/drain', '/register']);
    expect(app.get(SidecarAgent).status().state).toBe('Draining');
  });

  it('a service whose HTTP server fails later stays registered', async () => {
    const app = await create(makeAdapter());
    await app.startAllMicroservices();
    await app.listen(0, HOST);
    await app.get(SidecarAgent).registered();
    const server = app.getHttpServer() as Server;
    expect(() => server.emit('error', new Error('no file handle'))).toThrow('no file handle');
    await another();
    expect(names().sort()).toEqual(['greeter', 'lucky']);
  });
});

// Fastify 5 throws where nobody can catch it; Nest 12 checks the port before.
it('an HTTP port that is not valid: announces nothing', async () => {
  const app = await create(new ExpressAdapter());
  await app.startAllMicroservices();
  await expect(app.listen(70_000, HOST)).rejects.toThrow('should be >= 0 and < 65536');
  await another();
  expect([posts(), names()]).toEqual([['/register'], ['lucky']]);
});

describe.each(['hybrid, microservices first', 'hybrid, http first'] as const)('a process, %s', (shape) => {
  it('ends with 1, and the agent lists nothing', async () => {
    const greeter = new GreeterProcess({
      port: await freePort(),
      httpPort: takenPort,
      shape,
      sidecar: { baseUrl: agent.url },
    });
    try {
      expect(await greeter.exited).toBe(1);
      expect(greeter.output).toContain('EADDRINUSE');
      expect(agent.requests()).toEqual([]);
    } finally {
      await greeter.kill();
    }
  });
});
