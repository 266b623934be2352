import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type INestApplication, Module, VersioningType } from '@nestjs/common';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { type GreeterOptions, greeterOptions, type LogBook } from '../support/greeter-app.js';
import { GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { HTTP_ADAPTERS } from '../support/http-adapters.js';
import { createShop } from '../support/http-shop.js';
import { postedPaths } from '../support/posted-paths.js';
import { statusWhere } from '../support/status-where.js';
import { TickerController } from '../support/ticker.js';

@Module({ controllers: [TickerController] })
class TickerModule {}

const ANY = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'];

describe.each(HTTP_ADAPTERS)('an http service on %s', (_name, makeAdapter) => {
  let agent: EmbeddedAgent;
  const opened: INestApplication[] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    for (const app of opened.splice(0)) await app.close();
    await agent.stop();
  });

  async function create(
    more: GreeterOptions = {},
    shop?: Parameters<typeof createShop>[2],
  ): Promise<{ app: INestApplication; logs: LogBook }> {
    const sidecar = SidecarAgentModule.forRoot({
      ...greeterOptions(0, { baseUrl: agent.url, ...more }),
      grpc: more.grpc,
      service: { name: 'shop' },
      protocol: 'http',
    });
    const created = await createShop([sidecar], makeAdapter(), shop);
    opened.push(created.app);
    return created;
  }

  const registered = async () => {
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
    const body = agent.requests().find(({ path }) => path === '/register')?.rawBody ?? '{}';
    return JSON.parse(body) as { server_port: number; http_routes?: { http_method: string; path: string }[] };
  };
  const routesOf = ({ http_routes = [] }: Awaited<ReturnType<typeof registered>>) =>
    http_routes.map(({ http_method, path }) => `${http_method} ${path}`);

  it('announces the routes of its controllers, and the port it was bound to', async () => {
    const { app } = await create();
    app.setGlobalPrefix('api', { exclude: ['health/version'] });
    await app.listen(0, '127.0.0.1');
    const body = await registered();
    expect(body).toMatchObject({ protocol: 'http', proto_count: 0, methods: [] });
    expect(body.server_port).toBe(Number(new URL(await app.getUrl()).port));
    expect(routesOf(body)).toEqual(
      [
        'GET /api/admin/reports/daily',
        'GET /api/admin/reports/files/{path=**}',
        ...ANY.map((verb) => `${verb} /api/baskets/{id}`),
        ...ANY.map((verb) => `${verb} /api/carts/{id}`),
        'GET /api/books',
        'GET /api/books/events',
        'GET /api/books/{isbn}',
        'GET /api/orders/schema',
        'GET /api/orders/{id}',
        'GET /api/orders/{id}/lines',
        'GET /health/version',
        'HEAD /api/baskets/{id}/lines',
        'HEAD /api/carts/{id}/lines',
        'OPTIONS /api/baskets/{id}/lines',
        'OPTIONS /api/carts/{id}/lines',
        'PATCH /api/books/{isbn}/author',
        'PATCH /api/books/{isbn}/title',
        'POST /api/books/release',
      ].sort(),
    );
  });

  it('announces nothing that is not there', async () => {
    const { app } = await create();
    app.setGlobalPrefix('api', { exclude: ['health/version'] });
    app.enableVersioning({ type: VersioningType.URI, prefix: 'version-', defaultVersion: '1' });
    await app.listen(0, '127.0.0.1');
    const { port } = new URL(await app.getUrl());
    for (const route of routesOf(await registered())) {
      const [method = '', template = ''] = route.split(' ');
      const path = template.replace(/\{\w+=\*\*\}/, 'a/b').replace(/\{\w+\}/g, '1');
      const asked = request({
        port,
        method,
        path,
        headers: { host: 'shop.example', connection: 'close' },
      }).end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      expect({ route, status: answer.resume().statusCode }).not.toMatchObject({ status: 404 });
    }
  });

  it('has the version in the path where Nest has it there', async () => {
    const { app } = await create();
    app.enableVersioning({ type: VersioningType.URI, defaultVersion: '9' });
    await app.listen(0, '127.0.0.1');
    const routes = routesOf(await registered());
    expect(routes.filter((route) => route.includes('/orders'))).toEqual([
      'GET /orders/schema',
      'GET /v1/orders/{id}',
      'GET /v2/orders/{id}',
      'GET /v3/orders/{id}/lines',
    ]);
    expect(routes).toContain('GET /v9/books/{isbn}');
  });

  it.each([
    { type: VersioningType.HEADER, header: 'x-version' } as const,
    { type: VersioningType.MEDIA_TYPE, key: 'v=' } as const,
  ])('has it nowhere else: %p', async (versioning) => {
    const { app } = await create();
    app.enableVersioning(versioning);
    await app.listen(0, '127.0.0.1');
    const routes = routesOf(await registered());
    expect(routes.filter((route) => route.includes('/orders'))).toEqual([
      'GET /orders/schema',
      'GET /orders/{id}',
      'GET /orders/{id}/lines',
    ]);
  });

  it.each([
    [false, []],
    [[{ httpMethod: 'GET', path: '/books', upstreamPath: '/v1/books' }], ['GET /books']],
  ] as const)('announces what the option httpRoutes says instead: %j', async (httpRoutes, announced) => {
    const { app } = await create({ httpRoutes });
    await app.listen(0, '127.0.0.1');
    expect(routesOf(await registered())).toEqual(announced);
  });

  it('announces nothing before it listens, and warns of another port', async () => {
    const { app, logs } = await create({ serverPort: 1 });
    await app.init();
    expect(agent.requests()).toEqual([]);
    await app.listen(0, '127.0.0.1');
    await agent.waitFor(() => agent.services().some(({ port }) => port === 1));
    const { port } = new URL(await app.getUrl());
    expect(logs.sidecar.join('\n')).toContain(`Registering port 1, but the HTTP server listens on ${port}`);
  });

  it('finishes a request in flight before it deregisters', async () => {
    const { app } = await create({ drainDelay: 0 });
    await app.listen(0, '127.0.0.1');
    await registered();
    const url = await app.getUrl();
    const held = fetch(`${url}/books/hold`, { headers: { connection: 'close' } });
    await statusWhereInFlight(app, 1);
    const closed = app.close();
    await statusWhere(app, ({ state }) => state === 'Draining');
    expect(paths()).not.toContain('/deregister');
    await fetch(`${url}/books/release`, { method: 'POST', headers: { connection: 'close' } });
    expect(await (await held).json()).toEqual({ isbn: 'hold' });
    await closed;
    expect(paths()).toEqual(['/register', '/drain', '/deregister']);
  });

  it.each(['without', 'with'])(
    'announces nothing of gRPC in a hybrid application, %s the option grpc',
    async (given) => {
      const options = greeterGrpcOptions(await freePort());
      const { app } = await create(given === 'with' ? { grpc: options } : {}, GreeterModule);
      app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options });
      await app.startAllMicroservices();
      expect(agent.requests()).toEqual([]);
      await app.listen(0, '127.0.0.1');
      const body = await registered();
      const server_port = Number(new URL(await app.getUrl()).port);
      expect(body).toMatchObject({ server_port, proto_count: 0, methods: [] });
      expect(body.http_routes).toBeUndefined();
    },
  );

  it('cuts an event stream that is open when shutdownTimeout is over', async () => {
    const { app } = await create({ shutdownTimeout: 400, gracePeriod: 100 }, TickerModule);
    await app.listen(0, '127.0.0.1');
    await registered();
    const asked = request(`${await app.getUrl()}/ticks`).end();
    const [stream] = (await once(asked, 'response')) as [IncomingMessage];
    const cut = once(stream, 'error');
    stream.resume();
    await app.close();
    expect(await cut).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(paths()).toEqual(['/register', '/drain', '/deregister']);
  });

  const paths = () => postedPaths(agent.requests());

  /** The count is no event of its own: only looking tells. */
  async function statusWhereInFlight(app: INestApplication, count: number): Promise<void> {
    while (app.get(SidecarAgent).status().inFlight !== count) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});
