import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { Controller, type DynamicModule, Get, type INestApplication, Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { TerminusModule } from '@nestjs/terminus';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  getSidecarAgentToken,
  runSidecarApp,
  SidecarAgent,
  SidecarAgentModule,
  SidecarStatusService,
} from '../../lib/index.js';
import { SidecarAgentOtelModule } from '../../lib/otel/index.js';
import { SidecarAgentHealthIndicator } from '../../lib/terminus/index.js';
import { EmbeddedAgent, SidecarAgentTestingModule } from '../../lib/testing/index.js';
import { APP_SHAPES, createGreeterApp, greeterOptions, LogBook } from '../support/greeter-app.js';
import { GREETER_METHODS, GreeterClient, GreeterModule } from '../support/greeter.js';
import { postedPaths } from '../support/posted-paths.js';
import { statusWhere } from '../support/status-where.js';
import { farewellSidecar, FAREWELL, GREETER, greeterSidecar } from '../support/two-services.js';
import { FarewellModule } from '../support/farewell.js';

/** What a user can give to Nest: it decorates every provider, and Nest's own too. */
const instrument = { instanceDecorator: (instance: unknown): unknown => new Proxy(instance as object, {}) };

@Controller('books')
class BooksController {
  @Get(':isbn')
  find() {
    return {};
  }
}

@Module({
  imports: [TerminusModule],
  providers: [SidecarAgentHealthIndicator],
  exports: [SidecarAgentHealthIndicator],
})
class HealthModule {}

/**
 * Returns the members of a provider that throw if they are reached through a Proxy: those of a
 * class with `#private` members that are not bound to the instance.
 */
function unboundMembersOf(instance: object): string[] {
  const unbound: string[] = [];
  for (let level = parentOf(instance); level; level = parentOf(level)) {
    const source = Function.prototype.toString.call(level.constructor);
    if (!/(^|[^\w$])#[\w$]/.test(source)) continue;
    const names = Reflect.ownKeys(level).filter((name) => name !== 'constructor' && runs(level, name));
    unbound.push(...names.filter((name) => !Object.hasOwn(instance, name)).map(String));
  }
  return unbound;
}

/** Whether to read the member runs code, or gives a function that does. */
function runs(level: object, name: PropertyKey): boolean {
  const member = Reflect.getOwnPropertyDescriptor(level, name);
  return member?.get !== undefined || typeof member?.value === 'function';
}

const parentOf = (level: object) => Object.getPrototypeOf(level) as object | null;

describe('an application whose instrument.instanceDecorator wraps every provider in a Proxy', () => {
  let agent: EmbeddedAgent;
  const opened: { close(): Promise<unknown> }[] = [];
  const posts = () => postedPaths(agent.requests());
  const serving = (count = 1) =>
    agent.waitFor(() => agent.services().filter(({ state }) => state === 'Serving').length === count);

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await agent.stop();
  });

  it.each(APP_SHAPES)('registers, replays, changes and leaves: %s', async (shape) => {
    const greeter = await createGreeterApp(
      shape,
      { baseUrl: agent.url, gracePeriod: 2_000 },
      { instrument, imports: [{ module: HealthModule }] },
    );
    opened.push(greeter.app);
    await greeter.listen();
    const sidecar = greeter.app.get(SidecarAgent);
    await sidecar.registered();
    const client = new GreeterClient(greeter.port);
    await expect(client.greet('nest')).resolves.toBe('hello nest');
    client.close();

    await agent.restart();
    await statusWhere(greeter.app, ({ disconnectCount, registered }) => disconnectCount === 1 && registered);
    await sidecar.update({ weight: 10 });
    expect(sidecar.node?.methods).toEqual(GREETER_METHODS);
    expect(greeter.app.get(SidecarAgentHealthIndicator).isHealthy('sidecar')).toMatchObject({
      sidecar: { status: 'up' },
    });
    await sidecar.drain();
    await sidecar.resume();
    sidecar.beacon().end();
    await sidecar.track(Promise.resolve());
    await greeter.app.close();
    expect(posts().slice(-2)).toEqual(['/drain', '/deregister']);
    expect(sidecar.shutdownErrors).toEqual([]);
    expect(greeter.logs.lines.filter((line) => line.includes('instanceDecorator'))).toEqual([]);
  });

  it('registers the routes of its controllers', async () => {
    const sidecar = SidecarAgentModule.forRoot({
      app: { id: '10001', name: 'shop-center', env: 'test', version: 'v1.3.4' },
      service: { name: 'shop' },
      protocol: 'http',
      baseUrl: agent.url,
      drainDelay: 0,
    });
    const { app } = await createHttpApp([sidecar]);
    await app.listen(0, '127.0.0.1');
    await app.get(SidecarAgent).registered();
    expect(app.get(SidecarAgent).node?.httpRoutes).toEqual([{ httpMethod: 'GET', path: '/books/{isbn}' }]);
    await app.close();
    expect(posts()).toEqual(['/register', '/drain', '/deregister']);
  });

  it('runs several named modules, and keeps their registrations in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sidecar-wrapped-'));
    const kept = { baseUrl: agent.url, registrationFile: join(folder, 'registrations.json') };

    @Module({ imports: [GreeterModule, FarewellModule, greeterSidecar(kept), farewellSidecar(kept)] })
    class AppModule {}

    const app = await NestFactory.create(AppModule, {
      logger: new LogBook(),
      abortOnError: false,
      instrument,
    });
    for (const options of [GREETER, FAREWELL]) {
      app.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options });
    }
    opened.push(app, { close: () => rm(folder, { recursive: true }) });
    const end = new AbortController();
    const run = runSidecarApp(app, { listen: { port: 0, host: '127.0.0.1' }, abortSignal: end.signal });
    await serving(2);
    expect(app.get<SidecarAgent>(getSidecarAgentToken('greeter')).node?.service.name).toBe('greeter');
    end.abort();
    await run;
    expect(agent.services().map(({ state }) => state)).toEqual(['Deregistered', 'Deregistered']);
  });

  it('reports two modules of one name', async () => {
    const named = () => greeterSidecar({ baseUrl: agent.url });
    await expect(createHttpApp([GreeterModule, named(), named()])).rejects.toThrow(
      'name: must be unique, but 2 modules are named "greeter"',
    );
  });

  it('has the status that SidecarAgentTestingModule is given', async () => {
    const status = { phase: 'registered', registered: true } as const;
    const { app } = await createHttpApp([SidecarAgentTestingModule.forRoot({ status })]);
    await app.init();
    expect(app.get(SidecarAgent).status()).toMatchObject(status);
    expect(app.get(SidecarStatusService).status()).toMatchObject(status);
    await app.get(SidecarAgent).registered();
  });

  async function createHttpApp(
    imports: readonly (DynamicModule | typeof GreeterModule)[],
  ): Promise<{ app: INestApplication }> {
    @Module({ imports: [...imports], controllers: [BooksController] })
    class AppModule {}

    const app = await NestFactory.create(AppModule, {
      logger: new LogBook(),
      abortOnError: false,
      instrument,
    });
    opened.push(app);
    return { app };
  }
});

it('no provider of the package has a member that throws behind a Proxy', async () => {
  const options = greeterOptions(1, { baseUrl: 'http://127.0.0.1:1', registrationFile: '/dev/null/file' });

  @Module({
    imports: [
      GreeterModule,
      TerminusModule,
      SidecarAgentModule.forRoot(options),
      SidecarAgentModule.forRoot({ ...options, name: 'other' }),
      SidecarAgentOtelModule.forRoot(),
    ],
    providers: [SidecarAgentHealthIndicator, SidecarAgentHealthIndicator.forName('other')],
  })
  class AppModule {}

  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  const modules = [...app.get(ModulesContainer).values()].filter(({ metatype }) =>
    [SidecarAgentModule, SidecarAgentOtelModule, AppModule].includes(metatype as typeof AppModule),
  );
  const instances = modules
    .flatMap(({ providers }) => [...providers.values()])
    .map(({ instance }): unknown => instance);
  await app.close();
  expect(instances.filter((one) => typeof one !== 'object' || one === null)).toEqual([]);
  expect(instances.length).toBeGreaterThan(15);
  expect(instances.flatMap((one) => unboundMembersOf(one as object))).toEqual([]);
});
