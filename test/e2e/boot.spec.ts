import { Inject, type INestApplication, Injectable, Module, type Type } from '@nestjs/common';
import { NestFactory, REQUEST } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarAgentModule, SidecarClock } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import {
  type AppShape,
  createGreeterApp,
  type GreeterApp,
  type GreeterOptions,
  greeterOptions,
  LogBook,
} from '../support/greeter-app.js';
import { greeterGrpcOptions, GreeterModule } from '../support/greeter.js';
import { HastyClock } from '../support/hasty-clock.js';
import { createTwoServices, FAREWELL, greeterSidecar } from '../support/two-services.js';

/** Another copy: the built package. */
const PACKAGE = '../../dist/index.js';

type Start = AppShape | 'hybrid, init alone' | 'hybrid, deferred' | 'microservice, init first' | 'http';
const STARTS: readonly Start[] = [
  'microservice',
  'microservice, init first',
  'hybrid, microservices first',
  'hybrid, http first',
  'hybrid, init alone',
  'hybrid, deferred',
  'http',
];

interface Booting {
  readonly app: GreeterApp['app'];
  readonly logs: LogBook;
  start(): Promise<unknown>;
}

describe('booting', () => {
  let agent: EmbeddedAgent;
  /** What the hook of the other module does, each time that it runs. */
  let hook: () => unknown;
  let ran: number;
  const opened: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    hook = () => undefined;
    ran = 0;
  });

  afterEach(async () => {
    for (const app of opened.splice(0)) await app.close();
    await agent.stop();
  });

  @Injectable()
  class Cache {
    onApplicationBootstrap(): unknown {
      ran += 1;
      return hook();
    }
  }

  @Module({ providers: [Cache, { provide: 'alias', useExisting: Cache }] })
  class CacheModule {}

  const posts = () =>
    agent
      .requests()
      .filter(({ method }) => method === 'POST')
      .map(({ path, rawBody }) => `${path} ${(JSON.parse(rawBody) as { server_port: number }).server_port}`);

  async function create(
    start: Start,
    more: GreeterOptions = {},
    { Root, providers }: { Root?: Type; providers?: Type[] } = {},
  ): Promise<Booting> {
    const port = await freePort();
    const isHttp = start === 'http';
    const options = { ...greeterOptions(port, { baseUrl: agent.url, ...more }) };
    const sidecar = SidecarAgentModule.forRoot(
      isHttp ? { ...options, grpc: undefined, protocol: 'http' } : options,
    );
    class AppModule {}
    const AppRoot = Root ?? AppModule;
    Module({ imports: [GreeterModule, sidecar, CacheModule], providers })(AppRoot);
    const logs = new LogBook();
    const nest = { logger: logs, abortOnError: false };
    const microservice = { transport: Transport.GRPC, options: greeterGrpcOptions(port) } as const;
    if (start.startsWith('microservice')) {
      const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppRoot, {
        ...microservice,
        ...nest,
      });
      opened.push(app);
      const begin = async () => {
        if (start !== 'microservice') await app.init();
        await app.listen();
      };
      return { app, logs, start: begin };
    }
    const app = await NestFactory.create(AppRoot, nest);
    opened.push(app);
    if (!isHttp) {
      app.connectMicroservice<MicroserviceOptions>(microservice, {
        deferInitialization: start === 'hybrid, deferred',
      });
    }
    return { app, logs, start: () => startHybrid(app, start) };
  }

  async function startHybrid(app: INestApplication, start: Start): Promise<void> {
    if (start === 'hybrid, http first') await app.listen(0, '127.0.0.1');
    await app.startAllMicroservices();
    if (start === 'hybrid, init alone') await app.init();
    else if (start !== 'hybrid, http first') await app.listen(0, '127.0.0.1');
  }

  /** Another service registers meanwhile: whatever the first had to say came before. */
  async function another(): Promise<string> {
    const lucky = await createGreeterApp('microservice', { baseUrl: agent.url });
    opened.push(lucky.app);
    await lucky.listen();
    await lucky.app.get(SidecarAgent).registered();
    return `/register ${lucky.port}`;
  }

  describe.each(STARTS)('%s', (shape) => {
    it('registers nothing before the hook of another module has succeeded', async () => {
      const { app, start } = await create(shape);
      let open = () => {};
      const gate = new Promise<void>((resolve) => (open = resolve));
      const running = new Promise<void>((resolve) => {
        hook = () => {
          resolve();
          return gate;
        };
      });
      const started = start();
      await running;
      const other = await another();
      expect(posts()).toEqual([other]);
      expect(app.get(SidecarAgent).node).toBeUndefined();
      open();
      await started;
      await app.get(SidecarAgent).registered();
      expect(posts()).toEqual([other, `/register ${app.get(SidecarAgent).node?.serverPort}`]);
    });

    it.each([
      [
        'throws',
        () => {
          throw new Error('no cache');
        },
      ],
      ['rejects', () => Promise.reject(new Error('no cache'))],
      ['rejects later', () => new Promise((_, reject) => setImmediate(reject, new Error('no cache')))],
    ])('registers nothing, ever, if it %s', async (_how, fails) => {
      const { app, start, logs } = await create(shape);
      hook = fails;
      await expect(start()).rejects.toThrow('no cache');
      const other = await another();
      expect(posts()).toEqual([other]);
      expect(logs.sidecar.filter((line) => line.startsWith('warn Not registered'))).toEqual([
        'warn Not registered: onApplicationBootstrap of Cache failed: no cache SidecarAgent',
      ]);
      // A microservice whose hooks failed would listen at the second call.
      hook = () => undefined;
      await start().catch(() => undefined);
      await app.close();
      opened.shift();
      expect(posts()).toEqual([other]);
    });

    it('waits for the registration, and not before the hooks of others', async () => {
      const { app, start } = await create(shape, { waitForRegistration: '10m' });
      hook = () => new Promise((resolve) => setImmediate(resolve));
      await start();
      if (shape === 'http') await app.get(SidecarAgent).registered();
      expect(app.get(SidecarAgent).status().registered).toBe(true);
      expect(posts()).toHaveLength(1);
    });

    it('leaves the hooks as they were', async () => {
      const { app, start } = await create(shape);
      await start();
      const cache = app.get(Cache);
      expect(Object.getOwnPropertyNames(cache)).toEqual([]);
      expect(ran).toBe(/deferred|init first/.test(shape) ? 2 : 1);
    });
  });

  describe.each(['microservice', 'hybrid, microservices first', 'hybrid, init alone'] as const)(
    'a root module that depends on a request: %s',
    (shape) => {
      @Injectable()
      class RootCache {
        async onApplicationBootstrap(): Promise<void> {
          ran += 1;
          await hook();
        }
      }
      class Root {
        constructor(readonly request: unknown) {}
      }
      Inject(REQUEST)(Root, undefined, 0);

      it('is registered after its hooks', async () => {
        const { app, start } = await create(shape, {}, { Root, providers: [RootCache] });
        let open = () => {};
        const gate = new Promise<void>((resolve) => (open = resolve));
        const running = new Promise<void>((resolve) => {
          // The cache of the other module is first.
          hook = () => {
            if (ran < 2) return undefined;
            resolve();
            return gate;
          };
        });
        const started = start();
        await running;
        const other = await another();
        expect(posts()).toEqual([other]);
        open();
        await started;
        await app.get(SidecarAgent).registered();
        expect(posts()).toHaveLength(2);
      });

      it('is not registered if one of them fails', async () => {
        const { start, logs } = await create(shape, {}, { Root, providers: [RootCache] });
        hook = () => {
          if (ran > 1) throw new Error('no root cache');
        };
        await expect(start()).rejects.toThrow('no root cache');
        const other = await another();
        expect(posts()).toEqual([other]);
        expect(logs.sidecar.join('\n')).toContain('onApplicationBootstrap of RootCache failed');
      });
    },
  );

  it('wraps the hooks once for several modules, of two copies of the package', async () => {
    const { SidecarAgentModule: OtherCopy } = (await import(PACKAGE)) as typeof import('../../lib/index.js');
    expect(OtherCopy).not.toBe(SidecarAgentModule);
    const more = { baseUrl: agent.url, waitForRegistration: true };
    const { app } = await createTwoServices([
      greeterSidecar(more),
      OtherCopy.forRoot({
        ...greeterOptions(0, { name: 'farewell', service: { name: 'farewell' }, ...more }),
        grpc: FAREWELL,
      }),
      { module: CacheModule },
    ]);
    opened.push(app);
    agent.hang('/register');
    const cache = app.get(Cache);
    let wrappers: readonly string[] = [];
    hook = () => {
      wrappers = Object.getOwnPropertyNames(cache);
    };
    await app.startAllMicroservices();
    const listening = app.listen(0, '127.0.0.1');
    // Each waits for its registration, and neither for that of the other.
    await agent.waitFor(() => posts().length === 2);
    agent.resume('/register');
    await listening;
    expect({ ran, wrappers }).toEqual({ ran: 1, wrappers: ['onApplicationBootstrap'] });
    expect(Object.getOwnPropertyNames(cache)).toEqual([]);
    expect(
      agent
        .services()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['farewell', 'greeter']);
  });

  it('leaves the mesh if Nest runs the hooks again and one fails', async () => {
    const { app, start, logs } = await create('hybrid, deferred', { waitForRegistration: true });
    hook = () => {
      if (ran > 1) throw new Error('cache is there');
    };
    await expect(start()).rejects.toThrow('cache is there');
    await app.get(SidecarAgent).shutdown();
    expect(agent.services().map(({ state }) => state)).toEqual(['Deregistered']);
    expect(logs.sidecar).toContain(
      'warn Leaving the mesh: onApplicationBootstrap of Cache failed: cache is there SidecarAgent',
    );
  });

  it('says which hook does not end', async () => {
    const providers = [{ provide: SidecarClock, useClass: HastyClock }];
    const { start, logs } = await create('hybrid, microservices first', { providers });
    const warned = new Promise<string>((resolve) => {
      logs.warn = (...words: unknown[]) => {
        if (words.join(' ').startsWith('Not registered yet')) resolve(words.join(' '));
      };
    });
    let open = () => {};
    hook = () => new Promise<void>((resolve) => (open = resolve));
    const started = start();
    await expect(warned).resolves.toContain('onApplicationBootstrap of Cache has not finished');
    open();
    await started;
  });
});
