import {
  type DynamicModule,
  Injectable,
  type INestApplication,
  type INestMicroservice,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { LazyModuleLoader, type ModuleRef, NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarAgentModule, SidecarClock } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { greeterOptions, LogBook } from '../support/greeter-app.js';
import { GreeterModule, greeterGrpcOptions } from '../support/greeter.js';
import { HastyClock } from '../support/hasty-clock.js';
import { KeptClock } from '../support/kept-clock.js';

const SHAPES = ['microservice', 'hybrid', 'http'] as const;
type Shape = (typeof SHAPES)[number];
/** When the module is loaded. */
type Moment = 'before the start' | 'onModuleInit' | 'onApplicationBootstrap' | 'after the start';

/** The milliseconds until a warning is logged. */
const PATIENCE = 5_000;
const LOADED_LATE = /^warn Not registered: SidecarAgentModule was loaded lazily, and Nest has run none/;

describe('a module that is loaded lazily', () => {
  let agent: EmbeddedAgent;
  let logs: LogBook;
  let app: INestMicroservice | INestApplication | undefined;
  let module: ModuleRef | undefined;
  const posts = () => agent.requests().filter(({ path }) => path === '/register');
  const warnings = () => logs.sidecar.filter((line) => line.startsWith('warn Not registered'));

  beforeEach(async () => {
    logs = new LogBook();
    Logger.overrideLogger(logs);
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    await app?.close();
    await agent.stop();
  });

  /** Starts an application in which the module is loaded at that moment. */
  async function start(shape: Shape, moment: Moment, clock: SidecarClock): Promise<void> {
    const port = await freePort();
    const providers = [{ provide: SidecarClock, useValue: clock }];
    const options = {
      baseUrl: agent.url,
      reassertInterval: 0,
      providers,
      ...(shape === 'http' && { protocol: 'http' as const }),
    };
    const given = greeterOptions(port, { ...options, serverPort: port });
    const load = async (loader: LazyModuleLoader): Promise<void> => {
      module = await loader.load((): DynamicModule => SidecarAgentModule.forRoot(given));
    };

    @Injectable()
    class Loading implements OnModuleInit, OnApplicationBootstrap {
      constructor(readonly loader: LazyModuleLoader) {}

      async onModuleInit(): Promise<void> {
        if (moment === 'onModuleInit') await load(this.loader);
      }

      async onApplicationBootstrap(): Promise<void> {
        if (moment === 'onApplicationBootstrap') await load(this.loader);
      }
    }

    @Module({ imports: [GreeterModule], providers: [Loading] })
    class AppModule {}

    const microservice: MicroserviceOptions = {
      transport: Transport.GRPC,
      options: greeterGrpcOptions(port),
    };
    const created =
      shape === 'microservice'
        ? await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
            ...microservice,
            logger: logs,
          })
        : await NestFactory.create(AppModule, { logger: logs, abortOnError: false });
    app = created;
    if ('connectMicroservice' in created && shape === 'hybrid') created.connectMicroservice(microservice);
    if (moment === 'before the start') await load(created.get(LazyModuleLoader));
    if ('startAllMicroservices' in created) {
      await created.startAllMicroservices();
      await created.listen(shape === 'http' ? port : 0, '127.0.0.1');
    } else await created.listen();
    if (moment === 'after the start') await load(created.get(LazyModuleLoader));
  }

  describe.each(SHAPES)('in a %s', (shape) => {
    it('before the start: is registered', async () => {
      const clock = new KeptClock();
      await start(shape, 'before the start', clock);
      await module?.get(SidecarAgent).registered();
      expect(posts()).toHaveLength(1);
      expect([...clock.waits]).not.toContain(PATIENCE);
    });

    it.each(['onModuleInit', 'onApplicationBootstrap', 'after the start'] as const)(
      '%s: says that Nest runs no hook of it',
      async (moment) => {
        await start(shape, moment, new HastyClock());
        await eventually(() => warnings().length > 0);
        expect(warnings()).toEqual([expect.stringMatching(LOADED_LATE)]);
        expect(posts()).toEqual([]);
      },
    );
  });
});
