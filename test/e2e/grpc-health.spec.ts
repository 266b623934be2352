import { status as Status } from '@grpc/grpc-js';
import { type INestApplication, type INestMicroservice, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type GrpcOptions, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addGrpcHealth, withGrpcHealth } from '../../lib/grpc-health/index.js';
import {
  getSidecarAgentToken,
  SidecarAgent,
  SidecarAgentModule,
  SidecarStatusService,
} from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { bidFarewell, FarewellModule, farewellGrpcOptions } from '../support/farewell.js';
import { freePort } from '../support/free-port.js';
import {
  APP_SHAPES,
  type AppShape,
  createGreeterApp,
  type GreeterOptions,
  greeterOptions,
  LogBook,
} from '../support/greeter-app.js';
import { GreeterClient, GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { HealthClient, type HealthWatch } from '../support/health-client.js';
import { postedPaths } from '../support/posted-paths.js';

const GREETER = 'acme.greeter.v1.Greeter';
const FAREWELL = 'acme.farewell.v1.Farewell';
const HEALTH = { onLoadPackageDefinition: addGrpcHealth };

describe('grpc.health.v1', () => {
  let agent: EmbeddedAgent;
  let app: INestApplication | INestMicroservice;
  let health: HealthClient;
  const clients: { close(): void }[] = [];

  beforeEach(async () => {
    // Not started yet: its port is known because it is given.
    agent = new EmbeddedAgent({ port: await freePort() });
  });

  afterEach(async () => {
    agent.resume('/drain');
    await app.close();
    for (const client of clients.splice(0)) client.close();
    await agent.stop();
  });

  async function create(
    shape: AppShape,
    more: GreeterOptions = {},
    grpc: Partial<GrpcOptions['options']> = HEALTH,
  ) {
    const created = await createGreeterApp(
      shape,
      { baseUrl: agent.url, gracePeriod: 5_000, ...more },
      { grpc },
    );
    app = created.app;
    health = clientOf(created.port);
    return created;
  }

  function clientOf(port: number): HealthClient {
    const client = new HealthClient(port);
    clients.push(client);
    return client;
  }

  async function start(more?: GreeterOptions, grpc?: Partial<GrpcOptions['options']>) {
    const created = await create('microservice', more, grpc);
    await created.listen();
    return created;
  }

  const sidecar = () => app.get(SidecarAgent);
  const saw = (watch: HealthWatch, ...statuses: string[]) =>
    eventually(() => JSON.stringify(watch.statuses) === JSON.stringify(statuses));
  const ended = (watch: HealthWatch) => eventually(() => watch.code() === Status.UNAVAILABLE);

  it.each(APP_SHAPES)('tells that a %s serves, though no agent is there', async (shape) => {
    const { listen } = await create(shape);
    await listen();
    expect(app.get(SidecarStatusService).status().connected).toBe(false);
    expect(await health.check()).toBe('SERVING');
    expect(await health.check(GREETER)).toBe('SERVING');
    expect(await health.list()).toEqual({ '': 'SERVING', [GREETER]: 'SERVING' });
    const watches = [health.watch(), health.watch(GREETER)];
    for (const watch of watches) await saw(watch, 'SERVING');
  });

  it('knows no service that the server does not serve', async () => {
    await start();
    expect(await health.check('acme.greeter.v1.Nobody')).toBe(Status.NOT_FOUND);
    await saw(health.watch('acme.greeter.v1.Nobody'), 'SERVICE_UNKNOWN');
  });

  it('does not serve before the application is booted and bound', async () => {
    await create('hybrid, microservices first');
    const hybrid = app as INestApplication;
    await hybrid.startAllMicroservices();
    expect(await health.list()).toEqual({ '': 'NOT_SERVING', [GREETER]: 'NOT_SERVING' });
    const watches = [health.watch(), health.watch(GREETER)];
    for (const watch of watches) await saw(watch, 'NOT_SERVING');
    await hybrid.listen(0, '127.0.0.1');
    for (const watch of watches) await saw(watch, 'NOT_SERVING', 'SERVING');
  });

  it('says nothing of an agent that comes, goes and comes back', async () => {
    await start();
    const watch = health.watch();
    await saw(watch, 'SERVING');
    await agent.start();
    await sidecar().registered();
    await agent.stop();
    await eventually(() => !sidecar().status().registered);
    await agent.start();
    await sidecar().registered();
    expect(await health.check()).toBe('SERVING');
    expect([watch.statuses, watch.code()]).toEqual([['SERVING'], undefined]);
  });

  it.each(['drain', 'deregister'] as const)(
    'does not serve from the first moment of a manual %s until it is resumed, and ends no watch',
    async (operation) => {
      await agent.start();
      await start();
      await sidecar().registered();
      const watches = [health.watch(), health.watch(GREETER)];
      for (const watch of watches) await saw(watch, 'SERVING');
      agent.hang(`/${operation}`);
      const done = sidecar()[operation]();
      for (const watch of watches) await saw(watch, 'SERVING', 'NOT_SERVING');
      expect(await health.list()).toEqual({ '': 'NOT_SERVING', [GREETER]: 'NOT_SERVING' });
      agent.resume(`/${operation}`);
      await done;
      await sidecar().resume();
      for (const watch of watches) await saw(watch, 'SERVING', 'NOT_SERVING', 'SERVING');
      expect(watches.map((watch) => watch.code())).toEqual([undefined, undefined]);
      expect(await health.list()).toEqual({ '': 'SERVING', [GREETER]: 'SERVING' });
    },
  );

  it('ends each watch when the drain of the shutdown begins, while the server still serves', async () => {
    await agent.start();
    // The drain hangs until the test ends it, however slow the machine is.
    const { port } = await start({ requestTimeout: 30_000 });
    await sidecar().registered();
    const watches = [health.watch(), health.watch(GREETER), health.watch('unknown')];
    await eventually(() => watches.every(({ statuses }) => statuses.length === 1));
    expect(sidecar().status().inFlight).toBe(0);
    agent.hang('/drain');
    const closed = app.close();
    for (const watch of watches) await ended(watch);
    expect(watches.map(({ statuses }) => statuses)).toEqual([
      ['SERVING', 'NOT_SERVING'],
      ['SERVING', 'NOT_SERVING'],
      ['SERVICE_UNKNOWN'],
    ]);
    await agent.waitFor(() => postedPaths(agent.requests()).includes('/drain'), { timeout: 15_000 });
    // The agent has not answered the drain yet.
    expect(sidecar().status()).toMatchObject({ phase: 'draining', state: 'Registered' });
    expect(await health.check()).toBe('NOT_SERVING');
    const late = health.watch();
    await ended(late);
    expect(late.statuses).toEqual(['NOT_SERVING']);
    const caller = new GreeterClient(port);
    clients.push(caller);
    await expect(caller.greet('you')).resolves.toBe('hello you');
    expect(sidecar().status().drain).toMatchObject({ callsSince: 1 });
    agent.resume('/drain');
    await closed;
    expect(postedPaths(agent.requests())).toEqual(['/register', '/drain', '/deregister']);
  });

  it('ends each watch at the shutdown that follows a manual drain', async () => {
    await agent.start();
    await start({ drainDelay: 1_000 });
    await sidecar().registered();
    const watch = health.watch();
    await saw(watch, 'SERVING');
    await sidecar().drain();
    await saw(watch, 'SERVING', 'NOT_SERVING');
    const closed = app.close();
    await ended(watch);
    expect(watch.statuses).toEqual(['SERVING', 'NOT_SERVING']);
    expect(sidecar().status().phase).toBe('draining');
    await closed;
  });

  it.each(['close()', 'SidecarAgent.shutdown()'])(
    'ends each watch at %s without an agent, where no drain is sent',
    async (how) => {
      await start();
      const watch = health.watch();
      await saw(watch, 'SERVING');
      const caller = new GreeterClient(Number(/\d+$/.exec(String(sidecar().node?.serverPort))?.[0]));
      clients.push(caller);
      const held = caller.greet('hold');
      await eventually(() => sidecar().status().inFlight === 1);
      const left = how === 'close()' ? app.close() : sidecar().shutdown();
      await ended(watch);
      expect(watch.statuses).toEqual(['SERVING', 'NOT_SERVING']);
      await caller.greet('release');
      await expect(held).resolves.toBe('hello hold');
      await left;
    },
  );

  describe('with the module turned off', () => {
    it.each([
      [true, Status.UNAVAILABLE, ['SERVING', 'NOT_SERVING']],
      [false, Status.CANCELLED, ['SERVING']],
    ])(
      'serves until the server shuts down (gracefulShutdown: %s)',
      async (gracefulShutdown, code, statuses) => {
        await start({ enabled: false }, { ...HEALTH, gracefulShutdown });
        const watch = health.watch();
        await saw(watch, 'SERVING');
        expect(await health.list()).toEqual({ '': 'SERVING', [GREETER]: 'SERVING' });
        await app.close();
        await eventually(() => watch.code() !== undefined);
        expect([watch.code(), watch.statuses]).toEqual([code, statuses]);
      },
    );
  });

  describe('as options', () => {
    it('keeps a hook of your own, which comes after it', async () => {
      const seen: unknown[] = [];
      const options = withGrpcHealth({
        ...greeterGrpcOptions(0),
        onLoadPackageDefinition: (pkg: object, server: { register: unknown }) => {
          seen.push(Object.keys(pkg).includes(GREETER), typeof server.register);
        },
      });
      await start({}, { onLoadPackageDefinition: options.onLoadPackageDefinition });
      expect(seen).toEqual([true, 'function']);
      expect(await health.check(GREETER)).toBe('SERVING');
    });

    it('may be given twice', async () => {
      const options = withGrpcHealth({ ...greeterGrpcOptions(0), ...HEALTH });
      await start({}, { onLoadPackageDefinition: options.onLoadPackageDefinition });
      expect(await health.check()).toBe('SERVING');
    });

    it.each([undefined, {}, { addService: () => {} }])('refuses %p in place of a server', (server) => {
      const message = /^addGrpcHealth: the second argument must be the grpc-js server; give /;
      const add = () => addGrpcHealth({}, server as object);
      expect(add).toThrow(
        expect.objectContaining({ kind: 'invalid_options', message: expect.stringMatching(message) }),
      );
    });
  });

  describe('of several modules', () => {
    /** Two modules, and the servers that they register. */
    async function startBoth(
      greeter: GrpcOptions['options'],
      farewell: GrpcOptions['options'],
      servers: GrpcOptions['options'][],
    ) {
      const module = (name: string, grpc: GrpcOptions['options']) =>
        SidecarAgentModule.forRoot({
          ...greeterOptions(0, { name, service: { name }, baseUrl: agent.url, gracePeriod: 5_000 }),
          grpc,
        });

      @Module({
        imports: [GreeterModule, FarewellModule, module('greeter', greeter), module('farewell', farewell)],
      })
      class AppModule {}

      const logs = new LogBook();
      Logger.overrideLogger(logs);
      const hybrid = await NestFactory.create(AppModule, { logger: logs, abortOnError: false });
      app = hybrid;
      for (const options of servers) {
        hybrid.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options });
      }
      await hybrid.startAllMicroservices();
      await hybrid.listen(0, '127.0.0.1');
    }
    const named = (name: string) => app.get<SidecarAgent>(getSidecarAgentToken(name));

    it('tells of each server what its module does', async () => {
      await agent.start();
      const greeter = withGrpcHealth(greeterGrpcOptions(await freePort()));
      const farewell = withGrpcHealth(farewellGrpcOptions(await freePort()));
      await startBoth(greeter, farewell, [greeter, farewell]);
      await Promise.all([named('greeter').registered(), named('farewell').registered()]);
      const [one, other] = ['greeter', 'farewell'].map((name) => clientOf(named(name).node?.serverPort ?? 0));
      await named('greeter').drain();
      expect(await one?.list()).toEqual({ '': 'NOT_SERVING', [GREETER]: 'NOT_SERVING' });
      expect(await other?.list()).toEqual({ '': 'SERVING', [FAREWELL]: 'SERVING' });
      if (!other) throw new Error('there is no second client');
      const watch = other.watch();
      await saw(watch, 'SERVING');
      const closed = app.close();
      await ended(watch);
      await closed;
      expect(watch.statuses).toEqual(['SERVING', 'NOT_SERVING']);
    });

    it('tells of each service of one server what its module does', async () => {
      await agent.start();
      const port = await freePort();
      const { package: farewells, protoPath: farewellProto } = farewellGrpcOptions(port);
      const { package: greeters, protoPath: greeterProto } = greeterGrpcOptions(port);
      const server = withGrpcHealth({
        ...greeterGrpcOptions(port),
        package: [greeters, farewells].flat(),
        protoPath: [greeterProto ?? '', farewellProto ?? ''].flat(),
      });
      await startBoth(greeterGrpcOptions(port), farewellGrpcOptions(port), [server]);
      await Promise.all([named('greeter').registered(), named('farewell').registered()]);
      await expect(bidFarewell(port, 'you')).resolves.toBe('goodbye you');
      const client = clientOf(port);
      const watches = ['', GREETER, FAREWELL].map((service) => client.watch(service));
      for (const watch of watches) await saw(watch, 'SERVING');
      await named('greeter').drain();
      expect(await client.list()).toEqual({ '': 'SERVING', [GREETER]: 'NOT_SERVING', [FAREWELL]: 'SERVING' });
      await named('farewell').deregister();
      expect(await client.list()).toEqual({
        '': 'NOT_SERVING',
        [GREETER]: 'NOT_SERVING',
        [FAREWELL]: 'NOT_SERVING',
      });
      await named('farewell').resume();
      await named('greeter').shutdown();
      // The server stays open for the other module.
      expect(await client.list()).toEqual({ '': 'SERVING', [GREETER]: 'NOT_SERVING', [FAREWELL]: 'SERVING' });
      expect(watches.map((watch) => watch.code())).toEqual([undefined, undefined, undefined]);
      const closed = app.close();
      for (const watch of watches) await ended(watch);
      await closed;
      expect(watches.map(({ statuses }) => statuses.at(-1))).toEqual(Array(3).fill('NOT_SERVING'));
    });

    it('tells each watch of a server that both leave at the same time', async () => {
      await agent.start();
      const server = withGrpcHealth(greeterGrpcOptions(await freePort()));
      await startBoth(server, server, [server]);
      await Promise.all([named('greeter').registered(), named('farewell').registered()]);
      const watch = clientOf(named('greeter').node?.serverPort ?? 0).watch();
      await saw(watch, 'SERVING');
      const closed = app.close();
      await ended(watch);
      await closed;
      expect(watch.statuses).toEqual(['SERVING', 'NOT_SERVING']);
    });
  });
});
