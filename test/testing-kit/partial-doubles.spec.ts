import { type INestMicroservice, Inject, Injectable, type InjectionToken, Logger } from '@nestjs/common';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  getSidecarAgentToken,
  RegistrationController,
  SidecarAgent,
  SidecarAgentModule,
  type SidecarAgentModuleExtras,
  SidecarClient,
  SidecarClock,
  SidecarEventSource,
  SidecarStatusService,
  WatchService,
} from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { greeterOptions, LogBook } from '../support/greeter-app.js';
import { GreeterModule, greeterGrpcOptions } from '../support/greeter.js';

/** Warnings of an application without shutdown hooks, and of the greeter itself. */
const EXPECTED = /No handler for SIGTERM|No handler serves the rpc|Not registered within 500 ms/;

const PATHS = ['/watch', '/register', '/drain', '/deregister'];

/** Stubs that return nothing, as `jest.fn()` and `vi.fn()` are. */
function stubs<Name extends string>(...names: Name[]): Record<Name, jest.Mock> {
  return Object.fromEntries(names.map((name) => [name, jest.fn()])) as Record<Name, jest.Mock>;
}

/** Makes a stub of a class as `sinon.createStubInstance()` does: no constructor runs. */
function stubOf({ prototype }: { readonly prototype: object }, ...names: string[]): object {
  return Object.assign(Object.create(prototype) as object, stubs(...names));
}

describe('partial doubles', () => {
  let agent: EmbeddedAgent;
  let logs: LogBook;
  let app: INestMicroservice | undefined;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    logs = new LogBook();
    await agent.start();
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
    await agent.stop();
    Logger.overrideLogger(['log', 'error', 'warn', 'debug', 'verbose', 'fatal']);
  });

  const calls = () => agent.requests().map(({ path }) => path);

  /** Starts a greeter in which a double replaces a provider, with code that injects the double. */
  async function start(token: InjectionToken, double: object, extras: SidecarAgentModuleExtras = {}) {
    @Injectable()
    class Consumer {
      constructor(@Inject(token) readonly part: unknown) {}
    }
    const port = await freePort();
    const options = { ...greeterOptions(port, agent.options()), waitForRegistration: 500 };
    const isInner = token === SidecarClock || token === SidecarEventSource;
    const module = await Test.createTestingModule({
      imports: [GreeterModule, SidecarAgentModule.forRoot({ ...options, ...extras })],
      providers: isInner ? [] : [Consumer],
    })
      .setLogger(logs)
      .overrideProvider(token)
      .useValue(double)
      .compile();
    const greeter = (app = module.createNestMicroservice<MicroserviceOptions>({
      transport: Transport.GRPC,
      options: greeterGrpcOptions(port),
    }));
    await greeter.listen();
    if (!isInner) expect(greeter.get(Consumer).part).toBe(double);
    return greeter;
  }

  /** Closes it, within the time of a hook, and returns the failures that the module has logged. */
  async function close(greeter: INestMicroservice): Promise<string[]> {
    const begin = performance.now();
    await greeter.close();
    expect(performance.now() - begin).toBeLessThan(2_000);
    return logs.sidecar.filter((line) => /^(warn|error)/.test(line) && !EXPECTED.test(line));
  }

  it.each<[string, InjectionToken, object, string[]]>([
    ['SidecarAgent', SidecarAgent, {}, []],
    ['SidecarAgent', SidecarAgent, stubs('start', 'registered', 'shutdown', 'status'), []],
    ['SidecarClient', SidecarClient, {}, ['/watch']],
    ['SidecarClient', SidecarClient, stubs('register', 'drain', 'deregister'), ['/watch']],
    ['RegistrationController', RegistrationController, {}, []],
    [
      'RegistrationController',
      RegistrationController,
      stubs('announce', 'registered', 'leave', 'status'),
      [],
    ],
    ['SidecarStatusService', SidecarStatusService, {}, PATHS],
    ['SidecarStatusService', SidecarStatusService, stubs('status', 'publish', 'complete'), PATHS],
    ['SidecarAgent', SidecarAgent, stubOf(SidecarAgent), []],
    ['SidecarAgent', SidecarAgent, stubOf(SidecarAgent, 'start', 'registered', 'status'), []],
    ['SidecarClient', SidecarClient, stubOf(SidecarClient, 'register'), ['/watch']],
    ['RegistrationController', RegistrationController, stubOf(RegistrationController, 'leave'), []],
    ['SidecarStatusService', SidecarStatusService, stubOf(SidecarStatusService, 'status', 'publish'), PATHS],
    ['SidecarClock', SidecarClock, stubOf(SidecarClock, 'now'), PATHS],
    ['SidecarClock', SidecarClock, {}, PATHS],
    ['SidecarClock', SidecarClock, { now: () => 0, random: () => 0 }, PATHS],
  ])('a double of %s may lack members', async (_name, token, double, expected) => {
    const greeter = await start(token, double);
    const failures = await close(greeter);
    expect(failures).toEqual([]);
    expect(calls()).toEqual(expected);
  });

  it.each<[string, InjectionToken, object]>([
    ['WatchService', WatchService, {}],
    ['WatchService', WatchService, stubs('start', 'stop', 'confirm')],
    ['WatchService', WatchService, stubOf(WatchService)],
    ['WatchService', WatchService, stubOf(WatchService, 'start', 'stop', 'confirm')],
    ['SidecarEventSource', SidecarEventSource, stubOf(SidecarEventSource)],
    ['SidecarEventSource', SidecarEventSource, {}],
    ['SidecarEventSource', SidecarEventSource, stubs('watch')],
  ])('a double of %s without its events never registers, and closes', async (_name, token, double) => {
    const greeter = await start(token, double);
    expect(greeter.get(SidecarAgent).status()).toMatchObject({ registered: false, lastErrorKind: null });
    const failures = await close(greeter);
    expect(failures).toEqual([]);
    expect(calls().filter((path) => path !== '/watch')).toEqual([]);
  });

  it('a double of the client is asked what the module would send', async () => {
    const double = {
      register: jest.fn<SidecarClient['register']>(() => Promise.resolve({ state: 'Serving' })),
    };
    const greeter = await start(SidecarClient, double);
    expect(greeter.get(SidecarAgent).status()).toMatchObject({ phase: 'registered', state: 'Serving' });
    expect(double.register.mock.calls[0]?.[0].service.name).toBe('greeter');
    expect(await close(greeter)).toEqual([]);
  });

  it('a double of a named module replaces the part of that module', async () => {
    const status = { phase: 'registering' };
    const token = getSidecarAgentToken('greeter', SidecarStatusService);
    const greeter = await start(token, { status: () => status }, { name: 'greeter' });
    expect(greeter.get<SidecarAgent>(getSidecarAgentToken('greeter')).status()).toBe(status);
    expect(await close(greeter)).toEqual([]);
    expect(calls()).toEqual(PATHS);
  });

  it('Nest runs the hooks of a part of your own once', async () => {
    const onModuleDestroy = jest.fn();
    class OwnClient extends SidecarClient {
      register = () => Promise.resolve({});
      drain = () => Promise.resolve({});
      deregister = () => Promise.resolve({});
      onModuleDestroy = onModuleDestroy;
    }
    const greeter = await start(SidecarClient, new OwnClient());
    await close(greeter);
    expect(onModuleDestroy).toHaveBeenCalledTimes(1);
  });
});
