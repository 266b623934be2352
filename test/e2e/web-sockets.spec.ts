import { once } from 'node:events';
import { type IncomingMessage, request, type Server } from 'node:http';
import { type INestApplication, Module } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'undici';
import { SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { BOUNDED, SOON, timed } from '../support/bounded-close.js';
import { freePort } from '../support/free-port.js';
import { type GreeterOptions, greeterOptions } from '../support/greeter-app.js';
import { GreeterProcess } from '../support/greeter-process.js';
import { GreeterClient, greeterGrpcOptions, GreeterModule } from '../support/greeter.js';
import { HTTP_ADAPTERS } from '../support/http-adapters.js';
import { postedPaths } from '../support/posted-paths.js';
import { refusesConnections } from '../support/refuses-connections.js';
import { openTicks, release, TickerController } from '../support/ticker.js';

@WebSocketGateway()
class EchoGateway {
  @SubscribeMessage('echo')
  echo(@MessageBody() text: string) {
    return { event: 'echo', data: text };
  }
}

let agent: EmbeddedAgent;
let app: INestApplication;
let grpcPort: number;
const sockets: Socket[] = [];
const opened: INestApplication[] = [];

beforeEach(async () => {
  agent = new EmbeddedAgent();
  await agent.start();
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  for (const each of opened.splice(0)) await each.close();
  await agent.stop();
});

async function start(adapter: AbstractHttpAdapter, more: GreeterOptions = {}): Promise<void> {
  grpcPort = await freePort();
  @Module({
    imports: [
      GreeterModule,
      SidecarAgentModule.forRoot(greeterOptions(grpcPort, { baseUrl: agent.url, ...more })),
    ],
    controllers: [TickerController],
    providers: [EchoGateway],
  })
  class AppModule {}
  app = await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false });
  opened.push(app);
  app.useWebSocketAdapter(new IoAdapter(app));
  const options = greeterGrpcOptions(grpcPort);
  app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  await app.get(SidecarAgent).registered();
}

async function connect(transport: 'websocket' | 'polling'): Promise<Socket> {
  const socket = io(await app.getUrl(), { transports: [transport], reconnection: false });
  sockets.push(socket);
  const echoed = new Promise((resolve) => socket.once('echo', resolve));
  socket.emit('echo', 'hello');
  await echoed;
  return socket;
}

describe.each(HTTP_ADAPTERS)('Socket.IO on %s', (_name, makeAdapter) => {
  it.each(['websocket', 'polling'] as const)(
    'clients (%s) are told, and do not hold the gRPC server',
    async (transport) => {
      await start(makeAdapter());
      const socket = await connect(transport);
      const reason = new Promise((resolve) => socket.once('disconnect', resolve));
      const client = new GreeterClient(grpcPort);
      try {
        await client.greet('you');
        expect(await timed(app.close())).toBeLessThan(SOON);
        await expect(reason).resolves.toBe('transport close');
        await expect(client.greet('you')).rejects.toMatchObject({ code: 14 });
      } finally {
        client.close();
      }
    },
  );

  it('a request beside them is answered before the close ends', async () => {
    await start(makeAdapter());
    await connect('websocket');
    await app.get(SidecarAgent).shutdown();
    const url = await app.getUrl();
    const arrived = once(app.getHttpServer() as Server, 'request');
    const call = request(`${url}/ticks/hold`, { agent: false }).end();
    const answered = once(call, 'response') as Promise<[IncomingMessage]>;
    await arrived;
    const closed = app.close();
    await refusesConnections(Number(new URL(url).port));
    release();
    const [answer] = await answered;
    expect(answer.statusCode).toBe(200);
    await closed;
  });

  it('an event stream beside them is cut at the bound, and does not hold the gRPC server', async () => {
    await start(makeAdapter(), BOUNDED);
    await connect('websocket');
    const cut = once(await openTicks(await app.getUrl()), 'error');
    expect(await timed(app.close())).toBeLessThan(SOON);
    await cut;
    await refusesConnections(grpcPort);
  });
});

describe.each(['hybrid, microservices first', 'hybrid, http first'] as const)('a signal, %s', (shape) => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes the WebSockets of ws with 1001 (%s)', async (signal) => {
    const [port, httpPort] = [await freePort(), await freePort()];
    const sidecar = { baseUrl: agent.url };
    const greeter = new GreeterProcess({ port, httpPort, shape, sidecar, gateway: 'ws' });
    try {
      await greeter.printed('LISTENING');
      await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
      const client = new WebSocket(`ws://127.0.0.1:${httpPort}`);
      await new Promise((resolve) => client.addEventListener('open', resolve));
      const end = new Promise<number>((resolve) =>
        client.addEventListener('close', ({ code }) => resolve(code)),
      );
      greeter.signal(signal);
      await expect(end).resolves.toBe(1001);
      await expect(greeter.exited).resolves.toBe(0);
      expect(postedPaths(agent.requests())).toEqual(['/register', '/drain', '/deregister']);
    } finally {
      await greeter.kill();
    }
  });
});
