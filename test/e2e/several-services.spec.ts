import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type DynamicModule, type INestApplication, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { TerminusModule } from '@nestjs/terminus';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  getSidecarAgentToken,
  InjectSidecarAgent,
  RegistrationController,
  SidecarAgent,
  SidecarAgentModule,
  SidecarClient,
  type ServiceNode,
  SidecarStatusService,
  WatchService,
} from '../../lib/index.js';
import { SidecarAgentHealthIndicator } from '../../lib/terminus/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { bidFarewell, FAREWELL_METHODS, farewellGrpcOptions } from '../support/farewell.js';
import { greeterOptions, LogBook } from '../support/greeter-app.js';
import { GREETER_METHODS, GreeterClient, GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import {
  createTwoServices,
  FAREWELL,
  farewellSidecar,
  GREETER,
  greeterSidecar,
} from '../support/two-services.js';

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('several services in one process', () => {
  let agent: EmbeddedAgent;
  const opened: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    agent.resume('/drain');
    agent.resume('/deregister');
    for (const app of opened.splice(0)) await app.close();
    await agent.stop();
  });

  const agentOf = (app: Pick<INestApplication, 'get'>, name: string) =>
    app.get<SidecarAgent>(getSidecarAgentToken(name));
  const portOf = (app: INestApplication, name: string) => agentOf(app, name).node?.serverPort ?? 0;
  const posts = () =>
    agent
      .requests()
      .filter(({ method }) => method === 'POST')
      .map(
        ({ path, rawBody }) =>
          `${path} ${(JSON.parse(rawBody) as { service_name?: string }).service_name ?? ''}`,
      );
  const serving = (count: number) =>
    agent.waitFor(() => agent.services().filter(({ state }) => state === 'Serving').length === count);

  async function create(
    imports: DynamicModule[] = [
      greeterSidecar({ baseUrl: agent.url }),
      farewellSidecar({ baseUrl: agent.url }),
    ],
  ): Promise<{ app: INestApplication; logs: LogBook }> {
    const created = await createTwoServices(imports);
    opened.push(created.app);
    return created;
  }

  async function start(imports?: DynamicModule[]): Promise<{ app: INestApplication; logs: LogBook }> {
    const created = await create(imports);
    await created.app.startAllMicroservices();
    await created.app.listen(0, '127.0.0.1');
    return created;
  }

  it('are registered each with its own port, methods and instance', async () => {
    const { app } = await start();
    await serving(2);
    const nodes = ['greeter', 'farewell'].map((name) => agentOf(app, name).node);
    expect(nodes.map((node) => node?.service.name)).toEqual(['greeter', 'farewell']);
    expect(nodes.map((node) => node?.methods)).toEqual([GREETER_METHODS, FAREWELL_METHODS]);
    const ids = nodes.map((node) => node?.app.instanceId);
    expect(ids).toEqual([expect.stringMatching(UUID_V7), expect.stringMatching(UUID_V7)]);
    expect(new Set(ids).size).toBe(2);
    expect(new Set(nodes.map((node) => node?.serverPort)).size).toBe(2);
    const client = new GreeterClient(portOf(app, 'greeter'));
    await expect(client.greet('you')).resolves.toBe('hello you');
    client.close();
    await expect(bidFarewell(portOf(app, 'farewell'), 'you')).resolves.toBe('goodbye you');
  });

  it('have log lines with their names, and warnings of none but real mistakes', async () => {
    const { app, logs } = await create();
    app.enableShutdownHooks(['SIGTERM']);
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    await serving(2);
    expect(logs.sidecar.filter((line) => line.startsWith('warn'))).toEqual([
      'warn No handler serves the rpc /acme.greeter.v1.Greeter/Forgotten: it is not registered, and callers get UNIMPLEMENTED SidecarAgent:greeter',
    ]);
    for (const name of ['greeter', 'farewell']) {
      expect(logs.sidecar).toContainEqual(
        expect.stringMatching(new RegExp(`^log Registered ${name} on port \\d+ .*SidecarAgent:${name}$`)),
      );
    }
  });

  it('wait each for its own server alone', async () => {
    const { app } = await createTwoServices(
      [greeterSidecar({ baseUrl: agent.url }), farewellSidecar({ baseUrl: agent.url })],
      [],
    );
    opened.push(app);
    const [greeter, farewell] = [GREETER, FAREWELL].map((options) =>
      app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options }),
    );
    await app.init();
    await farewell?.listen();
    await agentOf(app, 'farewell').registered();
    expect(agentOf(app, 'greeter').node).toBeUndefined();
    await greeter?.listen();
    await agentOf(app, 'greeter').registered();
  });

  it('count their own calls', async () => {
    const { app } = await start();
    const client = new GreeterClient(portOf(app, 'greeter'));
    const stream = client.count('one');
    await stream.begun;
    const inFlight = ['greeter', 'farewell'].map((name) => agentOf(app, name).status().inFlight);
    expect(inFlight).toEqual([1, 0]);
    await client.greet('release');
    await stream.answer;
    client.close();
  });

  it('leave at the same time, before any server closes', async () => {
    const { app } = await start();
    await serving(2);
    agent.hang('/drain');
    const closed = app.close();
    await agent.waitFor(() => agent.requests().filter(({ path }) => path === '/drain').length === 2);
    expect(posts().map((post) => post.split(' ')[0])).toEqual(['/register', '/register', '/drain', '/drain']);
    await expect(bidFarewell(portOf(app, 'farewell'), 'you')).resolves.toBe('goodbye you');
    agent.resume('/drain');
    await closed;
    expect(posts().slice(2).sort()).toEqual([
      '/deregister farewell',
      '/deregister greeter',
      '/drain farewell',
      '/drain greeter',
    ]);
  });

  it('report each the taken port of its own server alone', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const grpc = farewellGrpcOptions((taken.address() as AddressInfo).port);
    const farewell = SidecarAgentModule.forRoot({
      ...greeterOptions(0, { name: 'farewell', baseUrl: agent.url, service: { name: 'farewell' } }),
      grpc,
    });
    const { app, logs } = await createTwoServices(
      [greeterSidecar({ baseUrl: agent.url }), farewell],
      [GREETER, grpc],
    );
    opened.push(app);
    await expect(app.startAllMicroservices()).rejects.toThrow(/EADDRINUSE|No address added/);
    taken.close();
    expect(logs.sidecar.filter((line) => line.includes('failed to listen'))).toEqual([
      expect.stringMatching(
        /^warn Not registered: the gRPC server failed to listen: .* SidecarAgent:farewell$/,
      ),
    ]);
  });

  it('have each a shutdownTimeout of its own', async () => {
    const patient = { requestTimeout: '1m', shutdownTimeout: '1m' } as const;
    const { app, logs } = await start([
      greeterSidecar({ baseUrl: agent.url, ...patient, shutdownTimeout: 300 }),
      farewellSidecar({ baseUrl: agent.url, ...patient }),
    ]);
    await serving(2);
    agent.hang('/deregister');
    const closed = app.close();
    await agentOf(app, 'greeter').shutdown();
    await agent.waitFor(() => posts().includes('/deregister farewell'));
    expect(agentOf(app, 'greeter').status()).toMatchObject({ phase: 'stopped', state: 'Draining' });
    expect(agentOf(app, 'farewell').status().phase).toBe('deregistering');
    await expect(bidFarewell(portOf(app, 'farewell'), 'you')).resolves.toBe('goodbye you');
    agent.resume('/deregister');
    await closed;
    expect(agentOf(app, 'farewell').status()).toMatchObject({ phase: 'stopped', state: 'Deregistered' });
    expect(logs.sidecar.filter((line) => line.includes('shutdownTimeout reached'))).toEqual([
      expect.stringMatching(/SidecarAgent:greeter$/),
    ]);
  });

  it('leave at the same time where one server has both', async () => {
    const both = { ...GREETER, package: ['acme.greeter.v1', 'acme.farewell.v1'] };
    const protoPath = [GREETER.protoPath, FAREWELL.protoPath].flat().filter((path) => path !== undefined);

    @Module({
      imports: [
        GreeterModule,
        greeterSidecar({ baseUrl: agent.url }),
        SidecarAgentModule.forRoot({
          ...greeterOptions(0, { name: 'second', baseUrl: agent.url, service: { name: 'second' } }),
          grpc: GREETER,
        }),
      ],
    })
    class AppModule {}

    const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
      transport: Transport.GRPC,
      options: { ...both, protoPath },
      logger: new LogBook(),
    });
    opened.push(app);
    await app.listen();
    await serving(2);
    agent.hang('/drain');
    const closed = app.close();
    await agent.waitFor(() => agent.requests().filter(({ path }) => path === '/drain').length === 2);
    expect(posts().map((post) => post.split(' ')[0])).toEqual(['/register', '/register', '/drain', '/drain']);
    const client = new GreeterClient(agentOf(app, 'second').node?.serverPort ?? 0);
    await expect(client.greet('you')).resolves.toBe('hello you');
    client.close();
    agent.resume('/drain');
    await closed;
    expect(agent.services().map(({ state }) => state)).toEqual(['Deregistered', 'Deregistered']);
  });

  it('may be one of gRPC and one of HTTP', async () => {
    const web = SidecarAgentModule.forRoot({
      ...greeterOptions(0, { name: 'web', baseUrl: agent.url, service: { name: 'web' } }),
      grpc: undefined,
      protocol: 'http',
    });
    const { app } = await create([greeterSidecar({ baseUrl: agent.url }), web]);
    await app.init();
    await app.startAllMicroservices();
    await agentOf(app, 'greeter').registered();
    expect(agentOf(app, 'web').node).toBeUndefined();
    await app.listen(0, '127.0.0.1');
    await agentOf(app, 'web').registered();
    expect(portOf(app, 'web')).toBe(Number(new URL(await app.getUrl()).port));
    expect(agentOf(app, 'web').node?.methods).toEqual([]);
    expect(agentOf(app, 'greeter').node?.methods).toEqual(GREETER_METHODS);
  });

  it('announce nothing that no server was made for', async () => {
    const { app } = await createTwoServices([farewellSidecar({ baseUrl: agent.url })], [GREETER]);
    opened.push(app);
    await app.init();
    await expect(app.startAllMicroservices()).rejects.toThrow(
      /no gRPC server of the application serves the .*\(acme\.farewell\.v1\): connect one/,
    );
    expect(agent.requests()).toEqual([]);
  });

  it('know their server though they have but a copy of its options', async () => {
    const { app } = await createTwoServices(
      [greeterSidecar({ baseUrl: agent.url }), farewellSidecar({ baseUrl: agent.url })],
      [farewellGrpcOptions(0), greeterGrpcOptions(0)],
    );
    opened.push(app);
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    await serving(2);
    await expect(bidFarewell(portOf(app, 'farewell'), 'you')).resolves.toBe('goodbye you');
  });

  describe('as to injection', () => {
    @Injectable()
    class Both {
      constructor(
        readonly unnamed: SidecarAgent,
        @InjectSidecarAgent() readonly same: SidecarAgent,
        @InjectSidecarAgent('farewell') readonly agent: SidecarAgent,
        @InjectSidecarAgent('farewell', SidecarStatusService) readonly status: SidecarStatusService,
        @InjectSidecarAgent('farewell', SidecarClient) readonly client: SidecarClient,
        @InjectSidecarAgent('farewell', WatchService) readonly watch: WatchService,
        @InjectSidecarAgent('farewell', RegistrationController)
        readonly registration: RegistrationController,
      ) {}
    }

    @Module({ providers: [Both] })
    class BothModule {}

    it('keep apart what is asked for by class and by name', async () => {
      const unnamed = greeterSidecar({ name: undefined, baseUrl: agent.url });
      const { app } = await start([unnamed, farewellSidecar({ baseUrl: agent.url }), { module: BothModule }]);
      await serving(2);
      const both = app.get(Both);
      expect(both.unnamed.node?.service.name).toBe('greeter');
      expect(both.same).toBe(both.unnamed);
      expect(app.get(SidecarAgent)).toBe(both.unnamed);
      expect(both.agent.node?.service.name).toBe('farewell');
      expect(both.status.status().lastServiceName).toBe('farewell');
      expect(both.registration.status()).toBe(both.status.status());
      expect([both.client, both.watch].map((part) => part.constructor.name)).toEqual([
        'HttpSidecarClient',
        'WatchService',
      ]);
      expect(app.get(SidecarClient)).not.toBe(both.client);
    });

    it('let a named module have parts of its own', async () => {
      const registered: string[] = [];
      class Recorder extends SidecarClient {
        register = (node: ServiceNode) => {
          registered.push(node.service.name);
          return Promise.resolve({});
        };
        drain = () => Promise.resolve({});
        deregister = () => Promise.resolve({});
      }
      const providers = [{ provide: SidecarClient, useClass: Recorder }];
      const { app } = await start([
        greeterSidecar({ baseUrl: agent.url, providers }),
        farewellSidecar({ baseUrl: agent.url }),
      ]);
      await serving(1);
      await agentOf(app, 'greeter').registered();
      expect(registered).toEqual(['greeter']);
      expect(app.get(getSidecarAgentToken('greeter', SidecarClient))).toBeInstanceOf(Recorder);
    });

    it('have health indicators by name', async () => {
      @Module({
        imports: [TerminusModule.forRoot({ logger: false })],
        providers: ['greeter', 'farewell'].map((name) => SidecarAgentHealthIndicator.forName(name)),
      })
      class HealthModule {}

      const { app } = await create([
        greeterSidecar({ baseUrl: agent.url }),
        farewellSidecar({ baseUrl: agent.url, enabled: false }),
        { module: HealthModule },
      ]);
      const indicatorOf = (name: string) =>
        app.get<SidecarAgentHealthIndicator>(getSidecarAgentToken(name, SidecarAgentHealthIndicator));
      const check = (name: string) => indicatorOf(name).isHealthy(name);
      expect(check('greeter')).toMatchObject({ greeter: { status: 'down', phase: 'starting' } });
      expect(check('farewell')).toMatchObject({ farewell: { status: 'up', phase: 'disabled' } });
      const probes = (name: string) => {
        const indicator = indicatorOf(name);
        return [indicator.live(name), indicator.ready(name), indicator.started(name)];
      };
      const [up, down] = [{ status: 'up' }, { status: 'down' }];
      expect(probes('greeter')).toMatchObject([{ greeter: up }, { greeter: down }, { greeter: down }]);
      expect(probes('farewell')).toMatchObject([{ farewell: up }, { farewell: up }, { farewell: up }]);
    });
  });

  describe('as to their names', () => {
    it('must not share one', async () => {
      const modules = [greeterSidecar({ name: 'same' }), farewellSidecar({ name: 'same' })];
      await expect(create(modules)).rejects.toThrow(/name: must be unique, but 2 modules are named "same"/);
    });

    it('may import one module in several places', async () => {
      const greeter = greeterSidecar({ baseUrl: agent.url });

      @Module({ imports: [greeter] })
      class OtherModule {}

      const { app } = await start([greeter, { module: OtherModule }]);
      await agentOf(app, 'greeter').registered();
      expect(posts()).toHaveLength(1);
    });

    it.each(['', ' ', 7])('must be a string that is not blank, not %j', async (name) => {
      const modules = [greeterSidecar({ name: name as string, gracePeriod: 'soon' })];
      await expect(create(modules)).rejects.toThrow(
        /name: must be a string that is not blank, got .*gracePeriod: /s,
      );
    });
  });
});
