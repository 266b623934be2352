import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { consulProviders } from '../../lib/consul/index.js';
import {
  getSidecarAgentToken,
  InvalidOptionsError,
  SidecarAgent,
  type SidecarAgentError,
  SidecarAgentModule,
  SidecarClient,
  SidecarClock,
  SidecarStatusService,
  type SidecarStatus,
} from '../../lib/index.js';
import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { withoutSidecarAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { FakeConsul } from '../support/fake-consul.js';
import { FellowWorker } from '../support/fellow-worker.js';
import {
  createGreeterApp,
  type GreeterApp,
  type GreeterOptions,
  greeterOptions,
  LogBook,
} from '../support/greeter-app.js';
import { GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { createShop } from '../support/http-shop.js';
import { statusWhere } from '../support/status-where.js';
import { createTwoServices, farewellSidecar, greeterSidecar } from '../support/two-services.js';

const TOKEN = 'b1gs07-t0k3n-of-consul';

/** It can be set forward. */
class JumpingClock extends SystemClock {
  jumped = 0;

  override now(): number {
    return super.now() + this.jumped;
  }

  override elapsed(): number {
    return super.elapsed() + this.jumped;
  }
}

describe('a service that registers straight at Consul', () => {
  let consul: FakeConsul;
  const opened: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    consul = await new FakeConsul().listen();
  });

  afterEach(async () => {
    for (const app of opened.splice(0)) await app.close();
    await consul.close();
  });

  async function create(
    more: GreeterOptions = {},
    instrument?: { instanceDecorator: (instance: unknown) => unknown },
  ): Promise<GreeterApp> {
    const providers = consulProviders({ ttl: '1s' });
    const options = { baseUrl: consul.url, providers, ...more };
    const greeter = await createGreeterApp('microservice', options, { instrument });
    opened.push(greeter.app);
    return greeter;
  }

  async function start(...how: Parameters<typeof create>): Promise<GreeterApp & { id: string }> {
    const greeter = await create(...how);
    await greeter.listen();
    await statusWhere(greeter.app, ({ registered }) => registered);
    return { ...greeter, id: `greeter-${greeter.port}` };
  }

  const watched = () => consul.until(() => consul.polls > 0);
  const names = () =>
    consul.calls.map(({ what }) => what.replace(/^(\w+ \/v1\/(?:agent\/)?\w+\/\w+).*$/, '$1'));

  it('registers once it listens, is refreshed, drains and deregisters', async () => {
    const { app, id, port, logs } = await start();
    expect(app.get(SidecarStatusService).status()).toMatchObject({
      phase: 'registered',
      dialect: null,
      instanceId: id,
      state: 'Registered',
    });
    const told = await statusWhere(app, ({ lastEventType }) => lastEventType === 'heartbeat');
    expect(told.agent).toEqual({ service: 'consul', ready: true, status: 'ready' });
    expect(consul.services.get(id)).toMatchObject({ Name: 'greeter', Port: port, Address: '' });
    await consul.until(() => consul.to('check/pass').length > 3);
    await watched();
    await app.close();
    const calls = names();
    expect(calls.slice(0, 3)).toEqual([
      'GET /v1/status/leader',
      'PUT /v1/agent/service/register',
      'PUT /v1/agent/check/pass',
    ]);
    // The TTL is refreshed while the service serves on.
    expect(calls.at(-1)).toBe('PUT /v1/agent/service/deregister');
    expect(calls.filter((name) => /maintenance|deregister/.test(name))).toEqual([
      'PUT /v1/agent/service/maintenance',
      'PUT /v1/agent/service/deregister',
    ]);
    expect(consul.services.size).toBe(0);
    expect(logs.sidecar.map((line) => line.replace(/ SidecarAgent$/, ''))).toEqual(
      expect.arrayContaining([
        `log Connected to the Consul agent at ${consul.url}`,
        `log Registered greeter on port ${port} (instance ${id}, state Registered)`,
        'log Drained greeter: routers stop sending new calls',
        'log Deregistered greeter',
        'log Left the mesh: greeter (no call arrived after the drain)',
      ]),
    );
    expect(logs.sidecar.join()).not.toMatch(/sidecar-agent|dialect/);
    expect(app.get(SidecarAgent).shutdownErrors).toEqual([]);
  });

  it('is registered again if another client deregisters it, and never seems lost', async () => {
    const { app, id, port, logs } = await start();
    const seen: SidecarStatus[] = [];
    app.get(SidecarStatusService).status$.subscribe((status) => seen.push(status));
    await watched();
    consul.lose(id);
    await consul.until(() => consul.services.has(id));
    await watched();
    expect(seen.map(({ registered }) => registered)).not.toContain(false);
    expect(consul.to('service/register')).toHaveLength(2);
    expect(logs.sidecar.map((line) => line.replace(/ SidecarAgent$/, '')).slice(-2)).toEqual([
      'warn Consul had lost the registration; registering greeter again',
      `log Registered greeter again on port ${port} (instance ${id}, state Registered)`,
    ]);
    expect(app.get(SidecarStatusService).timeline().at(-1)).toMatchObject({
      type: 'registered',
      cause: 'Consul had lost the registration',
      text: expect.stringMatching(/^registered again after \d\.\d s: Consul had lost the registration$/),
    });
  });

  it('says that Consul has no leader, and stays registered', async () => {
    const { app } = await start();
    consul.leader = [200, '""'];
    const { registered, connected } = await statusWhere(app, ({ agent }) => agent?.ready === false);
    expect({ registered, connected }).toEqual({ registered: true, connected: true });
  });

  it('registers, and is registered again, though the servers do not answer', async () => {
    consul.leader = 'silence';
    const { app, id } = await start({ requestTimeout: 300 });
    await watched();
    consul.lose(id);
    await consul.until(() => consul.services.has(id));
    const { agent, disconnectCount } = app.get(SidecarStatusService).status();
    expect(agent).toMatchObject({ ready: false, status: 'no answer' });
    expect(disconnectCount).toBe(0);
  });

  it('is registered again when the Consul agent is back, and leaves the maintenance of an operator alone', async () => {
    const { app, id, logs } = await start();
    await watched();
    consul.maintenance.add(id);
    await consul.close();
    await statusWhere(app, ({ connected }) => !connected);
    const again = consul.to('service/register').length + 1;
    await consul.listen({ port: consul.port, host: '127.0.0.1' });
    await statusWhere(app, ({ registered }) => registered);
    expect(consul.to('service/register')).toHaveLength(again);
    expect(consul.maintenance.has(id)).toBe(true);
    expect(logs.sidecar).toContainEqual(
      expect.stringMatching(/^warn Cannot reach the Consul agent at .*; reconnecting/),
    );
    await app.close();
  });

  it('takes over what a process has left that was killed while it drained', async () => {
    const { id } = await start();
    consul.maintenance.add(id);
    const port = Number(id.replace('greeter-', ''));
    await opened.splice(0)[0]?.close();
    consul.services.set(id, { ID: id } as never);
    consul.maintenance.add(id);
    const next = await createGreeterApp(
      'microservice',
      { baseUrl: consul.url, providers: consulProviders() },
      { port },
    );
    opened.push(next.app);
    await next.listen();
    await statusWhere(next.app, ({ registered }) => registered);
    expect(consul.maintenance.has(id)).toBe(false);
    expect([...consul.services.keys()]).toEqual([id]);
  });

  it('drains and resumes by hand', async () => {
    const { app, id } = await start();
    const agent = app.get(SidecarAgent);
    await agent.drain();
    expect(consul.maintenance.has(id)).toBe(true);
    expect(agent.status()).toMatchObject({ phase: 'draining', state: 'Draining' });
    await agent.resume();
    expect(consul.maintenance.has(id)).toBe(false);
    expect(agent.status()).toMatchObject({ phase: 'registered', state: 'Registered' });
  });

  it('updates its weight in place', async () => {
    const { app, id } = await start();
    await app.get(SidecarAgent).update({ weight: 7 });
    expect(consul.services.get(id)).toMatchObject({ Weights: { Passing: 7 }, Meta: { weight: '7' } });
    expect(consul.to('service/register').at(-1)?.query).toEqual({});
  });

  it('refuses an update to a weight that Consul refuses, and stays as it is', async () => {
    const { app } = await start();
    const sent = consul.to('service/register').length;
    await expect(app.get(SidecarAgent).update({ weight: 100_000 })).rejects.toThrow(
      'weight: must be at most 65535 at a Consul agent, got 100000',
    );
    expect(app.get(SidecarStatusService).status()).toMatchObject({ registered: true, weight: 100 });
    expect(consul.to('service/register')).toHaveLength(sent);
  });

  it('leaves without a delay if Consul does not know it any more', async () => {
    const { app, id } = await start({ gracePeriod: 300 });
    consul.scripts.set('GET /v1/agent/service/', 'silence');
    consul.services.delete(id);
    await app.close();
    expect(names().slice(-2)).toEqual([
      'PUT /v1/agent/service/maintenance',
      'PUT /v1/agent/service/deregister',
    ]);
    expect(app.get(SidecarAgent).shutdownErrors).toEqual([]);
  });

  it('is deregistered with a token that is renewed while it leaves', async () => {
    let token = 'revoked-token';
    const { app } = await start({ headers: () => ({ 'x-consul-token': token }) });
    consul.scripts.set('service/deregister', [403, 'ACL not found']);
    const closed = app.close();
    await consul.until(() => consul.to('service/deregister').length > 0);
    const refusedAt = performance.now();
    // Credentials that stay the same would be given up by then.
    await consul.until(() => performance.now() - refusedAt > 2_100);
    token = 'renewed-token';
    consul.scripts.clear();
    await closed;
    expect(consul.services.size).toBe(0);
    expect(consul.calls.at(-1)?.headers).toMatchObject({ 'x-consul-token': 'renewed-token' });
  });

  it('of HTTP has the port of its server', async () => {
    const sidecar = SidecarAgentModule.forRoot({
      ...greeterOptions(0, { baseUrl: consul.url, providers: consulProviders({ address: '127.0.0.1' }) }),
      protocol: 'http',
      grpc: undefined,
    });
    const { app } = await createShop([sidecar], new ExpressAdapter());
    opened.push(app);
    await app.listen(0, '127.0.0.1');
    await statusWhere(app, ({ registered }) => registered);
    const port = Number(new URL(await app.getUrl()).port);
    expect(consul.services.get(`greeter-127.0.0.1-${port}`)).toMatchObject({
      Address: '127.0.0.1',
      Port: port,
      Meta: { protocol: 'http' },
    });
  });

  it('is one of several named modules, each with its own instance', async () => {
    const more = { baseUrl: consul.url, providers: consulProviders({ ttl: '1s' }) };
    const { app, logs } = await createTwoServices([greeterSidecar(more), farewellSidecar(more)]);
    opened.push(app);
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const agents = ['greeter', 'farewell'].map((name) => app.get<SidecarAgent>(getSidecarAgentToken(name)));
    await Promise.all(agents.map((agent) => agent.registered()));
    expect([...consul.services.values()].map(({ Name }) => Name).sort()).toEqual(['farewell', 'greeter']);
    await agents[0]?.shutdown();
    expect([...consul.services.values()].map(({ Name }) => Name)).toEqual(['farewell']);
    await consul.until(() => consul.to('check/pass/service:farewell').length > 2);
    expect(logs.lines.filter((line) => line.includes('Connected to the Consul agent'))).toHaveLength(2);
  });

  it('works if Nest wraps every provider in a Proxy', async () => {
    const instanceDecorator = (instance: unknown): unknown => new Proxy(instance as object, {});
    const { app } = await start({}, { instanceDecorator });
    await watched();
    await app.close();
    expect(consul.services.size).toBe(0);
  });

  it('leaves its instance to another process on the port', async () => {
    const greeter = await create();
    const fellow = await FellowWorker.join(consul, greeter.port);
    fellow.answer = 'unknown';
    await greeter.listen();
    await statusWhere(greeter.app, ({ registered, workers }) => registered && workers === 2);
    await greeter.app.close();
    await fellow.leave();
    expect(consul.services.size).toBe(1);
    expect(names().filter((name) => /maintenance|deregister/.test(name))).toEqual([]);
    expect(fellow.recalls).toBe(0);
    expect(greeter.logs.sidecar.join()).toMatch(/Left the mesh: greeter is served by 1 other process/);
  });

  it('undoes the drain of another process on the port', async () => {
    const greeter = await create();
    const fellow = await FellowWorker.join(consul, greeter.port);
    await greeter.listen();
    await statusWhere(greeter.app, ({ registered, workers }) => registered && workers === 2);
    const id = `greeter-${greeter.port}`;
    consul.maintenance.add(id);
    await fellow.recallOthers();
    await consul.until(() => !consul.maintenance.has(id));
    await fellow.leave();
  });

  it('serves on until other hosts have learned of it if the Consul agent is gone', async () => {
    const clock = new JumpingClock();
    const providers = [...consulProviders({ ttl: '1s' }), { provide: SidecarClock, useValue: clock }];
    const { app } = await start({ drainDelay: 'auto', requestTimeout: 200, providers });
    await consul.close();
    await statusWhere(app, ({ connected }) => !connected);
    const closed = app.close();
    await statusWhere(app, ({ drain }) => drain !== null);
    // Of the 16 s since the loss, 14.5 s pass at once. Then the deregister is tried for 2 s.
    clock.jumped = 14_500;
    const startedAt = performance.now();
    await statusWhere(app, ({ phase }) => phase === 'deregistering');
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(6_000);
  });

  describe('finds it by the environment', () => {
    const before = { ...process.env };

    afterEach(() => {
      process.env = { ...before };
    });

    it('with forRootAsync, and no text shows the token', async () => {
      process.env.CONSUL_HTTP_ADDR = `127.0.0.1:${consul.port}`;
      process.env.CONSUL_HTTP_TOKEN = TOKEN;
      const errors: SidecarAgentError[] = [];
      const logs = new LogBook();
      const grpc = greeterGrpcOptions(0);
      @Module({
        imports: [
          GreeterModule,
          SidecarAgentModule.forRootAsync({
            providers: consulProviders({ ttl: '1s' }),
            useFactory: () => ({ ...greeterOptions(0, {}), grpc, onError: (error) => errors.push(error) }),
          }),
        ],
      })
      class AppModule {}

      Logger.overrideLogger(logs);
      const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
        transport: Transport.GRPC,
        options: grpc,
        logger: logs,
      });
      opened.push(app);
      await app.listen();
      await statusWhere(app, ({ registered }) => registered);
      consul.scripts.set('service/', [403, `the token ${TOKEN} is unknown`]);
      const status = await statusWhere(
        app,
        ({ registerReplayFailureCount }) => registerReplayFailureCount > 0,
      );
      await app.close();
      expect(new Set(consul.calls.map(({ headers }) => headers['x-consul-token']))).toEqual(new Set([TOKEN]));
      const parts = [SidecarAgent, SidecarClient, SidecarStatusService].map((part) => app.get<object>(part));
      const everything = inspect(
        [errors, status, app.get(SidecarStatusService).timeline(), parts, logs.lines],
        {
          depth: 12,
          maxStringLength: null,
          maxArrayLength: null,
          showHidden: true,
        },
      );
      expect(everything).toContain('[redacted] is unknown');
      expect(everything).not.toContain(TOKEN);
    });

    it('and every fault of the start is in one error', async () => {
      process.env.CONSUL_HTTP_ADDR = 'ftp://consul';
      const made = create({
        baseUrl: undefined,
        service: { name: 'not a name', weight: 70_000 },
        providers: consulProviders({ reapAfter: '5s', service: { Meta: { 'a b': 'x' } } }),
      });
      const thrown: unknown = await made.catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(InvalidOptionsError);
      expect((thrown as InvalidOptionsError).faults.map(({ path }) => path)).toEqual([
        'consulProviders.reapAfter',
        'consulProviders.service.Meta.a b',
        'CONSUL_HTTP_ADDR',
        'service.weight',
        'service.name',
      ]);
    });
  });

  it('is turned off in tests as any other', async () => {
    const sidecar = SidecarAgentModule.forRoot(
      greeterOptions(0, { baseUrl: consul.url, providers: consulProviders() }),
    );
    const builder = withoutSidecarAgent(Test.createTestingModule({ imports: [sidecar] }));
    const module = await builder.compile();
    await module.init();
    expect(module.get(SidecarAgent).status().phase).toBe('disabled');
    await module.close();
    expect(consul.calls).toEqual([]);
  });

  it('names Consul and its address if nothing listens there', async () => {
    await consul.close();
    const greeter = await create({ requestTimeout: 200 });
    await greeter.listen();
    const { lastError } = await statusWhere(greeter.app, (status) => status.lastError !== null);
    expect(lastError).toBe(
      `cannot reach the Consul agent at ${consul.url} (ECONNREFUSED): is it running? ` +
        'check CONSUL_HTTP_ADDR or baseUrl (Consul agents listen on port 8500)',
    );
    await eventually(() =>
      greeter.logs.sidecar.some((line) => line.includes('Cannot reach the Consul agent')),
    );
  });
});
