import diagnostics from 'node:diagnostics_channel';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getSidecarAgentToken, SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { SidecarAgentOtelModule } from '../../lib/otel/index.js';
import { EmbeddedAgent, SidecarAgentTestingModule } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp, greeterOptions, LogBook } from '../support/greeter-app.js';
import { Telemetry } from '../support/telemetry.js';
import { createTwoServices, farewellSidecar, greeterSidecar } from '../support/two-services.js';

/** Every channel of the package. */
const CHANNELS = [
  'nestjs-sidecar-agent:status',
  ...['register', 'drain', 'deregister', 'shutdown'].flatMap((name) =>
    ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map(
      (event) => `tracing:nestjs-sidecar-agent:${name}:${event}`,
    ),
  ),
];
const subscribed = () => CHANNELS.filter((name) => diagnostics.hasSubscribers(name));

describe('SidecarAgentOtelModule', () => {
  let telemetry: Telemetry | undefined;
  let agent: EmbeddedAgent;
  const opened: INestApplicationContext[] = [];

  beforeEach(async () => {
    telemetry = undefined;
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    for (const app of opened.splice(0)) await app.close();
    await agent.stop();
    await telemetry?.shutdown();
  });

  async function start(
    imports: DynamicModule[],
    settings: Parameters<typeof createGreeterApp>[2] = {},
    more: Parameters<typeof createGreeterApp>[1] = {},
  ): Promise<GreeterApp> {
    const greeter = await createGreeterApp(
      'microservice',
      { baseUrl: agent.url, gracePeriod: 2_000, ...more },
      { imports, ...settings },
    );
    opened.push(greeter.app);
    await greeter.listen();
    await greeter.app.get(SidecarAgent).registered();
    return greeter;
  }

  const counts = async (name: string) => {
    const points = (await telemetry?.points(`sidecar_agent.${name}`)) ?? [];
    return Object.fromEntries(
      points.map(({ attributes, value }) => [String(attributes['sidecar_agent.service.name']), value]),
    );
  };

  it('observes each of several named modules', async () => {
    telemetry = new Telemetry();
    const { app } = await createTwoServices([
      greeterSidecar({ baseUrl: agent.url, reassertInterval: 0 }),
      farewellSidecar({ baseUrl: agent.url, reassertInterval: 0 }),
      SidecarAgentOtelModule.forRoot({ name: 'greeter' }),
      SidecarAgentOtelModule.forRoot({ name: 'farewell' }),
    ]);
    opened.push(app);
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const [greeter, farewell] = ['greeter', 'farewell'].map((name) =>
      app.get<SidecarAgent>(getSidecarAgentToken(name)),
    );
    await Promise.all([greeter?.registered(), farewell?.registered()]);
    await greeter?.drain();
    const beacon = farewell?.beacon();
    expect(await counts('connected')).toEqual({ greeter: 1, farewell: 1 });
    expect(await counts('registered')).toEqual({ greeter: 0, farewell: 1 });
    expect(await counts('register.duration')).toEqual({ greeter: 1, farewell: 1 });
    expect(await counts('drain.duration')).toEqual({ greeter: 1 });
    expect(await counts('calls.in_flight')).toEqual({ greeter: 0, farewell: 1 });
    beacon?.end();
    await app.close();
    expect(await counts('connected')).toEqual({ greeter: 0, farewell: 0 });
    const names = (service: string) =>
      telemetry?.spans
        .filter(({ attributes }) => attributes['sidecar_agent.service.name'] === service)
        .map(({ name }) => name.replace('sidecar_agent.', ''))
        .sort();
    expect(names('greeter')).toEqual(['deregister', 'drain', 'register', 'shutdown']);
    expect(names('farewell')).toEqual(['deregister', 'drain', 'register', 'shutdown']);
  });

  it('observes one of two named modules', async () => {
    telemetry = new Telemetry();
    const { app } = await createTwoServices([
      greeterSidecar({ baseUrl: agent.url }),
      farewellSidecar({ baseUrl: agent.url }),
      SidecarAgentOtelModule.forRoot({ name: 'farewell' }),
    ]);
    opened.push(app);
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    for (const name of ['greeter', 'farewell'])
      await app.get<SidecarAgent>(getSidecarAgentToken(name)).registered();
    expect(await counts('registered')).toEqual({ farewell: 1 });
    const carriers = agent.requests().filter(({ headers }) => headers.traceparent);
    expect(carriers.map(({ rawBody }) => /"name":"(greeter|farewell)"/.exec(rawBody)?.[1])).toEqual([
      'farewell',
    ]);
  });

  it('does not count what another application of the process does', async () => {
    telemetry = new Telemetry();
    await start([SidecarAgentOtelModule.forRoot()]);
    const other = await start([]);
    expect(await counts('registered')).toEqual({ greeter: 1 });
    expect(await counts('register.duration')).toEqual({ greeter: 1 });
    await other.app.close();
    expect(await counts('registered')).toEqual({ greeter: 1 });
    expect(telemetry.named('sidecar_agent.shutdown')).toEqual([]);
    expect(agent.requests().filter(({ headers }) => headers.traceparent)).toHaveLength(1);
  });

  it('counts two applications with the module once each', async () => {
    telemetry = new Telemetry();
    const one = await start([SidecarAgentOtelModule.forRoot()]);
    await start([SidecarAgentOtelModule.forRoot()]);
    expect(await counts('registered')).toEqual({ greeter: 2 });
    expect(await counts('register.duration')).toEqual({ greeter: 2 });
    await one.app.close();
    expect(await counts('registered')).toEqual({ greeter: 1 });
  });

  it('counts once if it is imported twice', async () => {
    telemetry = new Telemetry();
    await start([SidecarAgentOtelModule.forRoot(), SidecarAgentOtelModule.forRoot()]);
    expect(await counts('registered')).toEqual({ greeter: 1 });
    expect(await counts('register.duration')).toEqual({ greeter: 1 });
    expect(telemetry.named('sidecar_agent.register')).toHaveLength(1);
  });

  it('subscribes to channels from the start of the application to its close, and nothing else does', async () => {
    expect(subscribed()).toEqual([]);
    const without = await start([]);
    expect(subscribed()).toEqual([]);
    await without.app.close();
    const { app } = await start([SidecarAgentOtelModule.forRoot()]);
    expect(subscribed()).toHaveLength(9);
    await app.close();
    expect(subscribed()).toEqual([]);
  });

  it('subscribes to nothing if the application fails to initialize', async () => {
    class AppModule {
      onModuleInit(): void {
        throw new Error('the database is down');
      }
    }
    const imports = [
      SidecarAgentModule.forRoot(greeterOptions(1, { baseUrl: agent.url })),
      SidecarAgentOtelModule.forRoot(),
    ];
    const starting = NestFactory.createApplicationContext(
      { module: AppModule, imports },
      { logger: new LogBook(), abortOnError: false },
    );
    await expect(starting).rejects.toThrow('the database is down');
    expect(subscribed()).toEqual([]);
  });

  it('changes nothing without an SDK', async () => {
    const { app, logs } = await start([SidecarAgentOtelModule.forRoot()]);
    await app.close();
    const posts = agent.requests().filter(({ method }) => method === 'POST');
    expect(posts.map(({ path, status }) => `${path} ${status}`)).toEqual([
      '/register 200',
      '/drain 200',
      '/deregister 200',
    ]);
    expect(
      posts.flatMap(({ headers }) => Object.keys(headers)).filter((name) => name.startsWith('trace')),
    ).toEqual([]);
    expect(logs.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('logs what an SDK throws, and the registration goes on', async () => {
    const onStart = () => {
      throw new Error('the processor is broken');
    };
    const nothing = () => Promise.resolve();
    telemetry = new Telemetry([{ onStart, onEnd: () => {}, forceFlush: nothing, shutdown: nothing }]);
    const { app, logs } = await start([SidecarAgentOtelModule.forRoot()]);
    await app.close();
    expect(agent.services()).toMatchObject([{ state: 'Deregistered' }]);
    const text = logs.lines.join('\n');
    expect(text).toContain('OpenTelemetry threw; the registration goes on');
    expect(text).toContain('the processor is broken');
    expect(await counts('drain.duration')).toEqual({ greeter: 1 });
  });

  it('works behind the Proxy of instrument.instanceDecorator, and with a module that is not global', async () => {
    telemetry = new Telemetry();
    const instrument = { instanceDecorator: (one: unknown): unknown => new Proxy(one as object, {}) };
    const { app } = await start([SidecarAgentOtelModule.forRoot()], { instrument }, { isGlobal: false });
    expect(await counts('registered')).toEqual({ greeter: 1 });
    expect(await counts('calls.in_flight')).toEqual({ greeter: 0 });
    await app.close();
    expect(await counts('registered')).toEqual({ greeter: 0 });
    expect(telemetry.named('sidecar_agent.shutdown')).toHaveLength(1);
    expect(subscribed()).toEqual([]);
  });

  it.each([
    [undefined, 'there is no SidecarAgentModule without a name'],
    ['billing', 'there is no SidecarAgentModule with the name "billing"'],
  ])('refuses to start if no module has the name %s', async (name, message) => {
    const sidecar = SidecarAgentModule.forRoot({ ...greeterOptions(1, {}), name: 'greeter' });
    class AppModule {}
    const imports = [sidecar, SidecarAgentOtelModule.forRoot({ name })];
    const starting = NestFactory.createApplicationContext(
      { module: AppModule, imports },
      { logger: new LogBook(), abortOnError: false },
    );
    await expect(starting).rejects.toMatchObject({
      kind: 'invalid_options',
      message: expect.stringContaining(message),
    });
    expect(subscribed()).toEqual([]);
  });

  it('measures nothing of a module that is turned off, or that a test replaces', async () => {
    telemetry = new Telemetry();
    class AppModule {}
    for (const sidecar of [
      SidecarAgentModule.forRoot({ enabled: false }),
      SidecarAgentTestingModule.forRoot(),
    ]) {
      const app = await NestFactory.createApplicationContext(
        { module: AppModule, imports: [sidecar, SidecarAgentOtelModule.forRoot()] },
        { logger: new LogBook(), abortOnError: false },
      );
      await app.close();
    }
    const counted = [...(await telemetry.metrics()).values()].filter((data) => data.dataPoints.length > 0);
    expect(counted).toEqual([]);
    expect(telemetry.spans).toEqual([]);
  });
});
