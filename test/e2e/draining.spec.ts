import { AsyncLocalStorage } from 'node:async_hooks';
import { getMaxListeners } from 'node:events';
import {
  Controller,
  Get,
  type INestApplication,
  Injectable,
  Logger,
  Module,
  type Type,
  UsePipes,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Ctx,
  GrpcMethod,
  GrpcStreamCall,
  GrpcStreamMethod,
  type MicroserviceOptions,
  Payload,
  Transport,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { concat, map, NEVER, type Observable, of } from 'rxjs';
import { Draining, getDrainingToken, SidecarAgent, SidecarAgentModule } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { greeterOptions, LogBook } from '../support/greeter-app.js';
import { GreeterClient, greeterGrpcOptions } from '../support/greeter.js';
import { HTTP_ADAPTERS } from '../support/http-adapters.js';
import { createTwoServices, farewellSidecar, greeterSidecar } from '../support/two-services.js';
import { untilDraining } from '../support/until-draining.js';

interface Named {
  readonly name: string;
}
interface Greeting {
  readonly text: string;
}

/** Each handler takes the signal, at another place. */
@Controller()
class SignalController {
  isAsked = false;

  constructor(@Draining() readonly draining: AbortSignal) {}

  @GrpcMethod('Greeter', 'Greet')
  greet(@Payload('name') name: string, @Draining() draining: AbortSignal): Greeting {
    return { text: `${name} ${draining.aborted} ${draining === this.draining}` };
  }

  @GrpcMethod('Greeter', 'Count')
  count(@Draining() draining: AbortSignal, @Payload() { name }: Named): Observable<Greeting> {
    return concat(of({ text: `${name} 1` }), NEVER).pipe(untilDraining(draining));
  }

  @GrpcStreamMethod('Greeter', 'Converse')
  converse(
    @Payload() requests: Observable<Named>,
    @Ctx() _metadata: unknown,
    @Draining() draining: AbortSignal,
  ): Observable<Greeting> {
    return requests.pipe(
      map(({ name }) => ({ text: `hello ${name}` })),
      untilDraining(draining),
    );
  }

  @Get('drained')
  drained(@Draining() draining: AbortSignal): Promise<string> {
    this.isAsked = true;
    return new Promise((resolve) => draining.addEventListener('abort', () => resolve('drained')));
  }
}

/** As class-transformer and class-validator do with a class that has no rules. */
const pipe = new ValidationPipe({
  validateCustomDecorators: true,
  transformerPackage: {
    plainToInstance: (type) => new type(),
    classToPlain: (value) => ({ value }),
  },
  validatorPackage: { validate: () => [] },
});

@Controller()
@UsePipes(pipe)
class ValidatedController {
  @GrpcMethod('Greeter', 'Greet')
  greet(@Payload('name') name: string, @Draining() draining: AbortSignal): Greeting {
    return { text: `${name} ${draining.aborted}` };
  }

  @Get('aborted')
  isAborted(@Draining() draining: AbortSignal): string {
    return String(draining.aborted);
  }
}

interface BidiCall {
  on(event: 'data', listener: (message: Named) => void): void;
  write(message: Greeting): void;
  emit(event: 'error', error: object): void;
}

/** Nest passes the call itself: with decorated parameters, the payload is the call. */
@Controller()
class CallController {
  @GrpcStreamCall('Greeter', 'Converse')
  converse(@Payload() call: BidiCall, @Draining() draining: AbortSignal): void {
    call.on('data', ({ name }) => call.write({ text: `hello ${name}` }));
    draining.addEventListener('abort', () =>
      call.emit('error', { code: 14, details: 'this instance shuts down' }),
    );
  }
}

describe('@Draining()', () => {
  let agent: EmbeddedAgent;
  let app: INestApplication | undefined;
  let client: GreeterClient | undefined;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    client?.close();
    await app?.close();
    [app, client] = [undefined, undefined];
    await agent.stop();
  });

  async function start(controllers: Type[], adapter = HTTP_ADAPTERS[0]?.[1]) {
    const port = await freePort();
    const grpc = greeterGrpcOptions(port);
    const options = { ...greeterOptions(port, { baseUrl: agent.url }), grpc };

    @Module({ imports: [SidecarAgentModule.forRoot(options)], controllers })
    class AppModule {}

    const logs = new LogBook();
    Logger.overrideLogger(logs);
    const made = await NestFactory.create(AppModule, (adapter as () => never)(), {
      logger: logs,
      abortOnError: false,
    });
    app = made;
    made.connectMicroservice<MicroserviceOptions>({ transport: Transport.GRPC, options: grpc });
    await made.startAllMicroservices();
    await made.listen(0, '127.0.0.1');
    client = new GreeterClient(port);
    await made.get(SidecarAgent).registered();
    return { app: made, client };
  }

  it('is the same signal in every handler, beside the payload, and in a constructor', async () => {
    const { app, client } = await start([SignalController]);
    expect(await client.greet('nest')).toBe('nest false true');
    expect(app.get(SignalController).draining).toBe(app.get(getDrainingToken()));
  });

  it('is not built by a pipe that validates custom decorators', async () => {
    const { app, client } = await start([ValidatedController]);
    expect(await (await fetch(`${await app.getUrl()}/aborted`)).text()).toBe('false');
    expect(await client.greet('nest')).toBe('nest false');
  });

  it.each(HTTP_ADAPTERS)(
    'aborts when the shutdown begins, so that streams end with UNAVAILABLE: %s',
    async (_name, adapter) => {
      const { app, client } = await start([SignalController], adapter);
      const answer = fetch(`${await app.getUrl()}/drained`);
      const count = client.count('nest');
      const talk = client.converse('nest');
      await Promise.all([count.begun, talk.begun, eventually(() => app.get(SignalController).isAsked)]);
      const phase = new Promise((resolve) => {
        app.get(SignalController).draining.addEventListener('abort', () => {
          resolve([app.get(SidecarAgent).status().phase, agent.services()[0]?.state]);
        });
      });

      const closed = app.close();
      await expect(count.answer).rejects.toMatchObject({ code: 14, details: 'this instance shuts down' });
      await expect(talk.answer).rejects.toMatchObject({ code: 14, details: 'this instance shuts down' });
      expect(await (await answer).text()).toBe('drained');
      // The agent has not been told: the drain is sent beside it.
      expect(await phase).toEqual(['draining', 'Serving']);
      await closed;
      expect(app.get(SidecarAgent).shutdownErrors).toEqual([]);
    },
  );

  it('reaches a handler of @GrpcStreamCall with decorated parameters', async () => {
    const { app, client } = await start([CallController]);
    const talk = client.converse('nest');
    await talk.begun;
    void app.close();
    await expect(talk.answer).rejects.toMatchObject({ code: 14, details: 'this instance shuts down' });
  });

  it('does not abort at a drain() by hand, and does at shutdown() by hand, once', async () => {
    const { app, client } = await start([SignalController]);
    const { draining } = app.get(SignalController);
    let times = 0;
    draining.addEventListener('abort', () => (times += 1));
    await app.get(SidecarAgent).drain();
    await app.get(SidecarAgent).resume();
    await app.get(SidecarAgent).deregister();
    expect(await client.greet('nest')).toBe('nest false true');
    const left = app.get(SidecarAgent).shutdown();
    // A client may come back before its router has learned: then the signal has aborted before.
    await expect(client.count('again').answer).rejects.toMatchObject({ code: 14 });
    await left;
    await app.close();
    expect({ times, aborted: draining.aborted }).toEqual({ times: 1, aborted: true });
  });

  it('calls its listeners outside of the async context of who shuts down', async () => {
    const { app } = await start([SignalController]);
    const context = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const { draining } = app.get(SignalController);
    draining.addEventListener('abort', () => seen.push(context.getStore()));
    await context.run('a request', () => app.get(SidecarAgent).shutdown());
    expect(seen).toEqual([undefined]);
  });

  it('takes as many listeners as there are streams', async () => {
    const { app, client } = await start([SignalController]);
    const calls = Array.from({ length: 40 }, () => client.count('nest'));
    await Promise.all(calls.map(({ begun }) => begun));
    // Node would warn of a leak.
    expect(getMaxListeners(app.get(SignalController).draining)).toBe(Infinity);
    const ends = calls.map(({ answer }) => answer.catch((error: { code: number }) => error.code));
    void app.close();
    expect(new Set(await Promise.all(ends))).toEqual(new Set([14]));
  });

  it('can be a property, and aborts if the module is turned off', async () => {
    @Injectable()
    class Job {
      @Draining() readonly draining!: AbortSignal;
    }
    const testing = await Test.createTestingModule({
      imports: [SidecarAgentModule.forRoot(greeterOptions(1, { enabled: false }))],
      providers: [Job],
    }).compile();
    const { draining } = testing.get(Job);
    expect(draining.aborted).toBe(false);
    await testing.close();
    expect(draining.aborted).toBe(true);
  });

  it('aborts before a server closes if the module is turned off', async () => {
    const port = await freePort();
    const grpc = { ...greeterGrpcOptions(port), gracefulShutdown: true };

    @Module({
      imports: [SidecarAgentModule.forRoot({ enabled: false })],
      controllers: [SignalController],
    })
    class AppModule {}

    const microservice = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
      transport: Transport.GRPC,
      options: grpc,
      logger: false,
    });
    await microservice.listen();
    client = new GreeterClient(port);
    const count = client.count('nest');
    await count.begun;
    // A graceful close waits for the stream, which waits for the signal.
    const closed = microservice.close();
    await expect(count.answer).rejects.toMatchObject({ code: 14, details: 'this instance shuts down' });
    await closed;
  });

  it('is a signal of the test, if the controller is tested alone', async () => {
    const own = new AbortController();
    const testing = await Test.createTestingModule({
      controllers: [SignalController],
      providers: [{ provide: getDrainingToken(), useValue: own.signal }],
    }).compile();
    expect(testing.get(SignalController).draining).toBe(own.signal);
    await expect(Test.createTestingModule({ controllers: [SignalController] }).compile()).rejects.toThrow(
      /SidecarDraining/,
    );
  });
});

describe('@Draining() of named modules', () => {
  const agent = new EmbeddedAgent();

  afterEach(() => agent.stop());

  it('aborts for the module of its name alone', async () => {
    @Injectable()
    class Jobs {
      constructor(
        @Draining({ name: 'greeter' }) readonly greeter: AbortSignal,
        @Draining({ name: 'farewell' }) readonly farewell: AbortSignal,
      ) {}
    }
    @Module({ providers: [Jobs] })
    class JobsModule {}
    await agent.start();
    const { app } = await createTwoServices([
      greeterSidecar({ baseUrl: agent.url }),
      farewellSidecar({ baseUrl: agent.url }),
      { module: JobsModule },
    ]);
    await app.startAllMicroservices();
    await app.init();
    const { greeter, farewell } = app.get(Jobs);
    await app.get<SidecarAgent>('SidecarAgent:greeter').shutdown();
    expect([greeter.aborted, farewell.aborted]).toEqual([true, false]);
    await app.close();
    expect(farewell.aborted).toBe(true);
  });
});
