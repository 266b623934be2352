import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type INestApplication, Module } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'undici';
import { SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { BOUNDED, SOON, timed } from '../support/bounded-close.js';
import { FellowWorker } from '../support/fellow-worker.js';
import { freePort } from '../support/free-port.js';
import { type GreeterOptions, greeterOptions } from '../support/greeter-app.js';
import { GreeterClient, GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { HTTP_ADAPTERS } from '../support/http-adapters.js';
import { createShop } from '../support/http-shop.js';
import { refusesConnections } from '../support/refuses-connections.js';
import { openTicks, release, TickerController } from '../support/ticker.js';

@WebSocketGateway()
class EchoGateway {
  @SubscribeMessage('echo')
  echo(text: string) {
    return { event: 'echo', data: text };
  }
}

@Module({ controllers: [TickerController], imports: [GreeterModule] })
class TickerModule {}

@Module({ controllers: [TickerController], providers: [EchoGateway] })
class EchoModule {}

let agent: EmbeddedAgent;
const apps: INestApplication[] = [];

beforeEach(async () => {
  agent = new EmbeddedAgent();
  await agent.start();
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await agent.stop();
});

async function create(
  adapter: AbstractHttpAdapter,
  more: GreeterOptions = {},
  shop = TickerModule,
): Promise<INestApplication> {
  const sidecar = SidecarAgentModule.forRoot({
    ...greeterOptions(0, { baseUrl: agent.url, ...more }),
    grpc: more.grpc,
    protocol: more.protocol ?? 'http',
  });
  const { app } = await createShop([sidecar], adapter, shop);
  apps.push(app);
  return app;
}

const serving = () => agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
const draining = () => agent.waitFor(() => agent.services().some(({ state }) => state === 'Draining'));

async function get(app: INestApplication, path: string, keepAlive: Agent): Promise<IncomingMessage> {
  const call = request(`${await app.getUrl()}${path}`, { agent: keepAlive }).end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}

describe.each(HTTP_ADAPTERS)('closing an HTTP server on %s', (_name, makeAdapter) => {
  it('says Connection: close from the drain on, to requests in flight too', async () => {
    const app = await create(makeAdapter());
    await app.listen(0, '127.0.0.1');
    await serving();
    const keepAlive = new Agent({ keepAlive: true });
    try {
      const before = await get(app, '/ticks/now', keepAlive);
      expect(before.headers.connection).not.toBe('close');
      const arrived = once(app.getHttpServer() as Server, 'request');
      const held = get(app, '/ticks/hold', keepAlive);
      await arrived;
      const closed = app.close();
      await draining();
      const during = await get(app, '/ticks/now', keepAlive);
      expect([during.statusCode, during.headers.connection]).toEqual([200, 'close']);
      release();
      const late = await held;
      expect([late.statusCode, late.headers.connection]).toEqual([200, 'close']);
      await closed;
    } finally {
      keepAlive.destroy();
    }
  });

  it('says Connection: close after a drain by hand, until resume()', async () => {
    const app = await create(makeAdapter());
    await app.listen(0, '127.0.0.1');
    await serving();
    const keepAlive = new Agent({ keepAlive: true });
    try {
      await app.get(SidecarAgent).drain();
      expect((await get(app, '/ticks/now', keepAlive)).headers.connection).toBe('close');
      await app.get(SidecarAgent).resume();
      expect((await get(app, '/ticks/now', keepAlive)).headers.connection).not.toBe('close');
    } finally {
      keepAlive.destroy();
    }
  });

  it.each(['upgrade', 'connect'])(
    'cuts a socket of an %s that Nest does not know, at the bound',
    async (kind) => {
      const app = await create(makeAdapter(), BOUNDED);
      await app.listen(0, '127.0.0.1');
      await serving();
      const server = app.getHttpServer() as Server;
      server.on(kind, (_request: IncomingMessage, socket: Socket) => {
        socket.on('error', () => {});
        socket.write(
          kind === 'upgrade'
            ? 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'
            : 'HTTP/1.1 200 OK\r\n\r\n',
        );
      });
      const options =
        kind === 'upgrade'
          ? { headers: { connection: 'Upgrade', upgrade: 'echo' } }
          : { method: 'CONNECT', path: 'elsewhere:80' };
      const call = request(await app.getUrl(), { ...options, agent: false }).end();
      const [, socket] = (await once(call, kind)) as [IncomingMessage, Socket];
      socket.on('error', () => {});
      const cut = once(socket, 'close');
      expect(await timed(app.close())).toBeLessThan(SOON);
      await cut;
    },
  );

  it('waits for work that your code counts, if another process serves the port', async () => {
    const port = await freePort();
    const fellow = await FellowWorker.join(agent, port);
    const app = await create(makeAdapter());
    await app.listen(port, '127.0.0.1');
    await serving();
    let finish = () => {};
    void app.get(SidecarAgent).track(new Promise<void>((resolve) => (finish = resolve)));
    let isClosed = false;
    const closed = app.close().then(() => (isClosed = true));
    await refusesConnections(port);
    await fetch(`${agent.url}/services`).catch(() => {});
    expect(isClosed).toBe(false);
    finish();
    await closed;
    await fellow.leave();
  });

  it('closes the WebSockets of gateways with 1001 when the close begins', async () => {
    const app = await create(makeAdapter(), {}, EchoModule);
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    await serving();
    const client = new WebSocket((await app.getUrl()).replace('http', 'ws'));
    await new Promise((resolve) => client.addEventListener('open', resolve));
    const end = new Promise<number>((resolve) =>
      client.addEventListener('close', ({ code }) => resolve(code)),
    );
    await app.close();
    await expect(end).resolves.toBe(1001);
  });

  it('an open event stream of a hybrid application does not hold its gRPC server', async () => {
    const grpc = greeterGrpcOptions(await freePort());
    const app = await create(makeAdapter(), { ...BOUNDED, protocol: 'grpc', grpc });
    app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options: grpc });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    await serving();
    const cut = once(await openTicks(await app.getUrl()), 'error');
    expect(await timed(app.close())).toBeLessThan(SOON);
    await cut;
    const client = new GreeterClient(Number(String(grpc.url).split(':')[1]));
    await expect(client.greet('you')).rejects.toMatchObject({ code: 14 });
    client.close();
  });
});

describe('closing an HTTP/2 server', () => {
  let session: ClientHttp2Session;

  async function start(): Promise<INestApplication> {
    const app = await create(new FastifyAdapter({ http2: true } as object), BOUNDED);
    await app.listen(0, '127.0.0.1');
    await serving();
    session = connect(await app.getUrl());
    session.on('error', () => {});
    await once(session, 'connect');
    return app;
  }

  it('says GOAWAY on an idle session', async () => {
    const app = await start();
    const goaway = once(session, 'goaway');
    const gone = once(session, 'close');
    expect(await timed(app.close())).toBeLessThan(BOUNDED.shutdownTimeout);
    await Promise.all([goaway, gone]);
  });

  it('cuts a stream that never ends, at the bound', async () => {
    const app = await start();
    const stream = session.request({ ':path': '/ticks' });
    stream.on('error', () => {});
    await once(stream, 'data');
    const gone = once(session, 'close');
    expect(await timed(app.close())).toBeLessThan(SOON);
    await gone;
  });
});
