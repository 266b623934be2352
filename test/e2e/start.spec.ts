import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  InvalidOptionsError,
  SidecarAgent,
  SidecarAgentModule,
  type SidecarAgentOptions,
  SidecarClock,
} from '../../lib/index.js';
import { SidecarAgentLifecycle } from '../../lib/lifecycle/sidecar-agent-lifecycle.js';
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
import { HastyClock } from '../support/hasty-clock.js';
import { KeptClock } from '../support/kept-clock.js';
import { GREETER_METHODS, GreeterClient, GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { statusWhere } from '../support/status-where.js';

describe('starting', () => {
  let agent: EmbeddedAgent;
  const opened: GreeterApp[] = [];
  const posts = () => agent.requests().filter(({ method }) => method === 'POST');

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    agent.resume('/register');
    for (const { app } of opened.splice(0)) await app.close();
    await agent.stop();
  });

  async function create(
    shape: (typeof APP_SHAPES)[number],
    more: GreeterOptions = {},
    settings: Parameters<typeof createGreeterApp>[2] = {},
  ): Promise<GreeterApp> {
    const greeter = await createGreeterApp(shape, { baseUrl: agent.url, ...more }, settings);
    opened.push(greeter);
    return greeter;
  }

  describe.each(APP_SHAPES)('a %s', (shape) => {
    it('sends the first register when the gRPC port is open and serving', async () => {
      agent.hang('/register');
      const { listen, port } = await create(shape);
      await listen();
      await agent.waitFor(() => posts().length === 1);
      const client = new GreeterClient(port);
      await expect(client.greet('agent')).resolves.toBe('hello agent');
      client.close();
    });

    it('starts at once without an agent, and registers when one comes', async () => {
      await agent.stop();
      const { app, listen, port } = await create(shape);
      await listen();
      const client = new GreeterClient(port);
      await expect(client.greet('you')).resolves.toBe('hello you');
      client.close();
      const { lastErrorKind, lastError, phase } = await statusWhere(
        app,
        (status) => status.lastErrorKind !== null,
      );
      expect({ lastErrorKind, phase }).toEqual({ lastErrorKind: 'watch_connect', phase: 'connecting' });
      expect(lastError).toContain(agent.url);
      expect(lastError).toMatch(/15010.*18600/);

      await agent.start();
      await app.get(SidecarAgent).registered();
      expect(app.get(SidecarAgent).status()).toMatchObject({ registerReplayCount: 1, disconnectCount: 0 });
    });

    it('announces nothing when the port is taken', async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const address = taken.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const { app, listen } = await create(shape, {}, { port });
      await expect(listen()).rejects.toThrow(/EADDRINUSE|No address added/);
      opened.splice(0);
      await app.close();
      expect(posts()).toEqual([]);
      taken.close();
    });

    it('lists the methods that are served, and warns of those that are not', async () => {
      const { app, listen, logs } = await create(shape);
      await listen();
      expect(app.get(SidecarAgent).node?.methods).toEqual(GREETER_METHODS);
      expect(logs.sidecar.join('\n')).toContain('/acme.greeter.v1.Greeter/Forgotten');
    });

    describe('with waitForRegistration', () => {
      it('is up only when it is registered', async () => {
        const { app, listen } = await create(shape, { waitForRegistration: true });
        await listen();
        expect(app.get(SidecarAgent).status().registered).toBe(true);
      });

      it('goes on after the limit, with a warning', async () => {
        await agent.stop();
        const { app, listen, logs } = await create(shape, { waitForRegistration: '50ms' });
        await listen();
        expect(app.get(SidecarAgent).status().registered).toBe(false);
        expect(logs.sidecar.join('\n')).toContain('waitForRegistration');
      });
    });
  });

  it.each(['drain', 'deregister'] as const)(
    'does not wait for the registration of a service that is held back by a manual %s',
    async (holdBack) => {
      const { app, listen, logs } = await create('microservice', { waitForRegistration: '10m' });
      await app.get(SidecarAgent)[holdBack]();
      await listen();
      expect(logs.sidecar.join('\n')).not.toContain('waitForRegistration');
    },
  );

  it('warns of no missing call where it is told to leave before it has started', async () => {
    const clock = new KeptClock();
    const providers = [{ provide: SidecarClock, useValue: clock }];
    const { app, listen } = await create('microservice', { providers });
    await app.get(SidecarAgentLifecycle).closing();
    clock.waits.clear();
    await listen();
    expect([...clock.waits]).toEqual([]);
  });

  it('fails, and says which option, when the methods cannot be read', async () => {
    const port = await freePort();
    const grpc = greeterGrpcOptions(port, { package: 'acme.greter.v1' });
    const { listen } = await create('microservice', { grpc }, { port });
    await expect(listen()).rejects.toThrow(/grpc\.package.*acme\.greter\.v1/s);
    expect(posts()).toEqual([]);
  });

  it('says which call is missing where a hybrid app is never initialised', async () => {
    const providers = [{ provide: SidecarClock, useClass: HastyClock }];
    const { app, logs } = await create('hybrid, microservices first', { providers });
    if (!('startAllMicroservices' in app)) throw new Error('no hybrid app');
    const warned = new Promise<string>((resolve) => {
      logs.warn = (...words: unknown[]) => resolve(words.join(' '));
    });
    await app.startAllMicroservices();
    await expect(warned).resolves.toMatch(/not initialised.*app\.listen\(\) or app\.init\(\)/);
    expect(posts()).toEqual([]);
  });

  it('warns of a port that is announced and not listened on', async () => {
    const { listen, logs, port } = await create('microservice', { serverPort: 1 });
    await listen();
    expect(logs.sidecar.join('\n')).toContain(`Registering port 1, but the gRPC server listens on ${port}`);
  });

  describe('with no other listener of SIGTERM', () => {
    // The test runner has handlers of its own.
    let handlers: NodeJS.SignalsListener[];

    beforeEach(() => {
      handlers = process.listeners('SIGTERM');
      process.removeAllListeners('SIGTERM');
    });

    afterEach(() => {
      process.removeAllListeners('SIGTERM');
      for (const handler of handlers) process.on('SIGTERM', handler);
    });

    /** Registers, and returns what was said of SIGTERM within 100 ms. */
    async function warnings(prepare: (app: GreeterApp['app']) => void = () => {}): Promise<string[]> {
      const { app, listen, logs } = await create('microservice');
      prepare(app);
      const warned: string[] = [];
      logs.warn = (...words: unknown[]) => {
        const line = words.join(' ');
        if (line.includes('SIGTERM')) warned.push(line);
      };
      agent.hang('/register');
      await listen();
      await agent.waitFor(() => posts().length === 1);
      await delay(50);
      expect(warned).toEqual([]);
      agent.resume('/register');
      await app.get(SidecarAgent).registered();
      await delay(100);
      return warned;
    }

    it('says that shutdown hooks are missing, as soon as it is registered', async () => {
      const [line, ...more] = await warnings();
      expect(line).toMatch(/No handler for SIGTERM: .*enableShutdownHooks\(\)/);
      expect(more).toEqual([]);
    });

    it('says so beside OpenTelemetry, which closes no application', async () => {
      const sdk = { shutdown: () => Promise.resolve() };
      process.on('SIGTERM', () => void sdk.shutdown().finally(() => process.exit(0)));
      const [line, ...more] = await warnings();
      expect(line).toMatch(/No handler for SIGTERM closes the application.*enableShutdownHooks\(\)/);
      expect(more).toEqual([]);
    });

    it('says nothing of shutdown hooks that are enabled, beside OpenTelemetry too', async () => {
      const sdk = { shutdown: () => Promise.resolve() };
      process.on('SIGTERM', () => void sdk.shutdown().finally(() => process.exit(0)));
      expect(await warnings((app) => app.enableShutdownHooks())).toEqual([]);
    });

    it('says nothing beside a listener that it does not know', async () => {
      expect(await warnings((app) => process.on('SIGTERM', () => void app.close()))).toEqual([]);
    });
  });

  it('says what is wrong with providers that are no list', () => {
    const wrong = { ...greeterOptions(1, {}), providers: {} } as SidecarAgentOptions;
    expect(() => SidecarAgentModule.forRoot(wrong)).toThrow(
      /providers: must be an array such as .*, got an object/,
    );
  });

  it.each<[string, unknown, RegExp]>([
    ['providers', [null], /providers\.0: must be a class or an object such as .*, got null/],
    ['providers', [class {}, 'x'], /providers\.1: must be a class .*, got a string/],
    ['providers', [{ useClass: class {} }], /providers\.0: must be a class .*, got an object/],
    ['providers', 'x', /providers: must be an array such as .*, got a string/],
    ['name', Symbol('x'), /name: must be a string that is not blank, got Symbol\(x\)/],
    ['name', Object.create(null), /name: must be a string that is not blank, got {}/],
  ])('says what is wrong with %s of %p, sync and async', (option, value, told) => {
    const sync = { ...greeterOptions(1, {}), [option]: value } as SidecarAgentOptions;
    const later = { useFactory: () => greeterOptions(1, {}), [option]: value };
    for (const make of [
      () => SidecarAgentModule.forRoot(sync),
      () => SidecarAgentModule.forRootAsync(later),
    ]) {
      expect(make).toThrow(InvalidOptionsError);
      expect(make).toThrow(told);
    }
  });

  it.each(['providers', 'name', 'isGlobal'])('says where %s belongs', async (option) => {
    class AppModule {}
    const useFactory = () => ({ ...greeterOptions(1, {}), [option]: [] });
    const made = NestFactory.createApplicationContext(
      { module: AppModule, imports: [SidecarAgentModule.forRootAsync({ useFactory })] },
      { abortOnError: false, logger: false },
    );
    await expect(made).rejects.toThrow(
      `${option}: unknown option: give it beside useFactory, not in its result`,
    );
  });

  it('says what is wrong with no async options at all', () => {
    expect(() => SidecarAgentModule.forRootAsync(undefined as never)).toThrow(/options: must be an object/);
  });

  it('names the faults of no options at all', async () => {
    class AppModule {}
    const sidecar = SidecarAgentModule.forRoot(undefined as unknown as SidecarAgentOptions);
    Module({ imports: [sidecar] })(AppModule);
    const created = NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
    await expect(created).rejects.toThrow(/app: is required.*service: is required.*grpc: is required/s);
  });

  it('registers once where Nest runs the bootstrap hooks twice', async () => {
    const { app, listen } = await create('microservice');
    await app.init();
    await listen();
    await app.get(SidecarAgent).registered();
    await app.get(SidecarAgent).start();
    expect(posts()).toHaveLength(1);
  });

  it('sends nothing where it is turned off', async () => {
    const { app, listen } = await create('microservice', { enabled: false });
    await listen();
    expect(app.get(SidecarAgent).status().phase).toBe('disabled');
    await expect(app.get(SidecarAgent).registered()).rejects.toThrow(/enabled is false/);
    await app.close();
    expect(agent.requests()).toEqual([]);
  });

  it('says one line if it is turned off, and needs no other option', async () => {
    const logs = new LogBook();
    const grpc = greeterGrpcOptions(await freePort());
    @Module({ imports: [GreeterModule, SidecarAgentModule.forRoot({ enabled: false })] })
    class AppModule {}
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
      transport: Transport.GRPC,
      options: grpc,
      logger: logs,
    });
    await app.listen();
    await app.get(SidecarAgent).update({ weight: 2 });
    await app.get(SidecarAgent).drain();
    await app.close();
    expect(logs.sidecar).toEqual([
      'log Disabled (enabled: false): nothing is registered, nothing is sent to the agent SidecarAgent',
    ]);
  });
});
