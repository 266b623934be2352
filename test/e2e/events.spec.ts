import { Controller, type DynamicModule, Inject, Injectable, Module, Scope, type Type } from '@nestjs/common';
import { LazyModuleLoader, REQUEST } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OnSidecar, SidecarAgent, type SidecarEvent } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { eventually } from '../support/eventually.js';
import { createTwoServices, farewellSidecar, greeterSidecar } from '../support/two-services.js';
import { statusWhere } from '../support/status-where.js';

describe('@OnSidecar', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp | undefined;
  let heard: string[] = [];

  beforeEach(async () => {
    heard = [];
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    await greeter?.app.close();
    greeter = undefined;
    await agent.stop();
  });

  /** A module with providers and controllers of the test. */
  function moduleOf(providers: Type[], controllers: Type[] = []): DynamicModule {
    @Module({ providers, controllers, exports: providers })
    class Handlers {}
    return { module: Handlers };
  }

  async function start(modules: DynamicModule[], more: GreeterOptions = {}): Promise<SidecarAgent> {
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url, ...more }, { imports: modules });
    await greeter.listen();
    return greeter.app.get(SidecarAgent);
  }

  it('calls methods with the events from the start to the end', async () => {
    const events: SidecarEvent[] = [];
    @Injectable()
    class Listener {
      readonly own = events;

      @OnSidecar('registered')
      @OnSidecar('connected')
      @OnSidecar('disconnected')
      @OnSidecar('draining')
      @OnSidecar('deregistered')
      @OnSidecar('error')
      any(event: SidecarEvent) {
        this.own.push(event);
      }
    }
    const sidecar = await start([moduleOf([Listener])]);
    await sidecar.registered();
    agent.dropStreams();
    await statusWhere(greeter?.app as GreeterApp['app'], ({ disconnectCount }) => disconnectCount === 1);
    await sidecar.registered();
    await sidecar.drain();
    await sidecar.resume();
    await sidecar.deregister();
    await sidecar.resume();
    await greeter?.app.close();

    expect(events.map(({ type }) => type)).toEqual([
      'connected',
      'registered',
      'disconnected',
      'error',
      'connected',
      'registered',
      'draining',
      'registered',
      'deregistered',
      'registered',
      'draining',
      'deregistered',
    ]);
    expect(events.flatMap((event) => ('reason' in event ? [event.reason] : []))).toEqual([
      'manual',
      'manual',
      'shutdown',
      'shutdown',
    ]);
    const registered = events[1];
    expect(registered).toEqual({
      type: 'registered',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      serviceName: 'greeter',
      port: greeter?.port,
      status: expect.objectContaining({ phase: 'registered', registered: true, lastEventType: 'connected' }),
      instanceId: sidecar.node?.app.instanceId,
      dialect: 'node',
    });
    expect(Object.isFrozen(registered)).toBe(true);
    expect(events[0]).toMatchObject({ agent: { service: 'sidecar-agent' }, status: { connected: true } });
    expect(events[2]).toMatchObject({
      error: { kind: 'watch_stream_closed' },
      status: { connected: false, lastErrorKind: 'watch_stream_closed' },
    });
  });

  it('tells of the same errors as onError', async () => {
    const errors: unknown[] = [];
    const told: unknown[] = [];
    @Injectable()
    class Listener {
      @OnSidecar('error')
      failed({ error }: SidecarEvent<'error'>) {
        told.push(error);
      }
    }
    agent.failNext('/register', { status: 500, times: 2 });
    const sidecar = await start([moduleOf([Listener])], { onError: (error) => errors.push(error) });
    await sidecar.registered();
    await agent.stop();
    await statusWhere(
      greeter?.app as GreeterApp['app'],
      ({ lastErrorKind }) => lastErrorKind === 'watch_connect',
    );
    await agent.start();
    await sidecar.registered();
    agent.failNext('/drain', { status: 400, body: { success: false, message: 'not now' } });
    await expect(sidecar.drain()).rejects.toThrow('not now');
    expect(errors.length).toBeGreaterThanOrEqual(5);
    expect(told).toEqual(errors);
  });

  it('logs what a handler throws, and calls the others', async () => {
    @Injectable()
    class Listener {
      @OnSidecar('registered')
      throws(): void {
        throw new Error('thrown by a handler');
      }

      @OnSidecar('registered')
      async rejects(): Promise<void> {
        await Promise.reject(new Error('rejected by a handler'));
      }

      @OnSidecar('registered')
      works(): void {
        heard.push('works');
      }
    }
    const sidecar = await start([moduleOf([Listener])]);
    await sidecar.registered();
    expect(heard).toEqual(['works']);
    const lines = await eventually(() => {
      const errors = greeter?.logs.sidecar.filter((line) => line.startsWith('error')) ?? [];
      return errors.length === 2 && errors;
    });
    expect(lines).toEqual([
      expect.stringMatching(/Listener\.throws failed to handle @OnSidecar\('registered'\) .*thrown by/),
      expect.stringMatching(/Listener\.rejects failed to handle @OnSidecar\('registered'\) .*rejected by/),
    ]);
    expect(sidecar.status().registered).toBe(true);
  });

  it('finds handlers of controllers, subclasses, values and aliases, each once', async () => {
    class Base {
      @OnSidecar('registered')
      inherited() {
        heard.push(`inherited by ${this.constructor.name}`);
      }

      @OnSidecar('registered')
      replaced() {
        heard.push('replaced');
      }
    }
    @Injectable()
    class Derived extends Base {
      // As with Nest's own decorators, a method that is overridden needs its own.
      override replaced() {
        heard.push('never');
      }
    }
    @Controller()
    class Front extends Base {}
    class Value {
      @OnSidecar('registered')
      ofValue() {
        heard.push('value');
      }
    }
    @Module({
      controllers: [Front],
      providers: [
        Derived,
        { provide: 'ALIAS', useExisting: Derived },
        { provide: 'VALUE', useValue: new Value() },
        { provide: 'MADE', useFactory: () => new Value() },
        { provide: 'TEXT', useValue: 'a text' },
        { provide: 'BARE', useValue: Object.create(null) as object },
      ],
    })
    class Handlers {}
    const sidecar = await start([{ module: Handlers }]);
    await sidecar.registered();
    expect([...heard].sort()).toEqual([
      'inherited by Derived',
      'inherited by Front',
      'replaced',
      'value',
      'value',
    ]);
  });

  it('calls each transient instance, and a new instance of what is request-scoped', async () => {
    let made = 0;
    @Injectable({ scope: Scope.TRANSIENT })
    class Transient {
      readonly number = (made += 1);

      @OnSidecar('registered')
      registered() {
        heard.push(`transient ${this.number}`);
      }
    }
    @Injectable()
    class User {
      constructor(readonly transient: Transient) {}
    }
    @Injectable()
    class OtherUser {
      constructor(readonly transient: Transient) {}
    }
    @Injectable({ scope: Scope.REQUEST })
    class Scoped {
      constructor(@Inject(REQUEST) private readonly request: SidecarEvent) {}

      @OnSidecar('registered')
      @OnSidecar('draining')
      handle(event: SidecarEvent) {
        heard.push(`${event.type} ${event === this.request}`);
      }
    }
    /** Depends on a request. */
    @Controller()
    class Front {
      constructor(private readonly scoped: Scoped) {}

      @OnSidecar('registered')
      async registered(): Promise<void> {
        await Promise.resolve();
        heard.push(`controller ${this.scoped instanceof Scoped}`);
      }
    }
    const sidecar = await start([moduleOf([Transient, User, OtherUser, Scoped], [Front])]);
    await sidecar.registered();
    await eventually(() => heard.length === 4);
    expect([...heard].sort()).toEqual(['controller true', 'registered true', 'transient 1', 'transient 2']);
    await greeter?.app.close();
    expect(heard.slice(4)).toEqual(['draining true']);
  });

  it('finds the handlers of a module that is loaded lazily', async () => {
    @Injectable()
    class Late {
      @OnSidecar('draining')
      draining({ reason }: SidecarEvent<'draining'>) {
        heard.push(`late ${reason}`);
      }
    }
    const sidecar = await start([]);
    await sidecar.registered();
    const late = moduleOf([Late]);
    await greeter?.app.get(LazyModuleLoader, { strict: false }).load(() => late.module);
    await sidecar.drain();
    expect(heard).toEqual(['late manual']);
  });

  it('finds the handlers of a module that is being loaded at an event, each once', async () => {
    @Injectable()
    class Late {
      private readonly name = 'late';

      constructor(@Inject('SLOW') readonly slow: string) {}

      @OnSidecar('draining')
      draining() {
        heard.push(`${this.name} ${this.slow}`);
      }
    }
    class Made {
      @OnSidecar('draining')
      draining() {
        heard.push('made');
      }
    }
    @Injectable({ scope: Scope.REQUEST })
    class Scoped {
      @OnSidecar('draining')
      draining() {
        heard.push('scoped');
      }
    }
    let finish: (value: string) => void = () => {};
    const slow = new Promise<string>((resolve) => (finish = resolve));
    let hasBegun = false;
    const useFactory = () => {
      hasBegun = true;
      return slow;
    };
    @Module({
      providers: [
        Late,
        Scoped,
        { provide: 'SLOW', useFactory },
        { provide: 'MADE', inject: ['SLOW'], useFactory: () => new Made() },
      ],
    })
    class LateModule {}
    const sidecar = await start([]);
    await sidecar.registered();
    const loaded = greeter?.app.get(LazyModuleLoader, { strict: false }).load(() => LateModule);
    await eventually(() => hasBegun);
    await sidecar.drain();
    expect(heard.filter((one) => one !== 'scoped')).toEqual([]);
    await sidecar.resume();
    finish('slow');
    await loaded;
    heard = [];
    await sidecar.drain();
    await eventually(() => heard.length >= 3);
    expect([...heard].sort()).toEqual(['late slow', 'made', 'scoped']);
  });

  it('ends the shutdown if the handlers of a module cannot be looked for', async () => {
    const sidecar = await start([]);
    await sidecar.registered();
    let isBroken = false;
    const getPrototypeOf = () => {
      if (isBroken) throw new Error('no prototype');
      return Object.prototype;
    };
    const hostile = new Proxy({}, { getPrototypeOf });
    @Module({ providers: [{ provide: 'HOSTILE', useValue: hostile }] })
    class Late {}
    await greeter?.app.get(LazyModuleLoader, { strict: false }).load(() => Late);
    isBroken = true;
    await sidecar.shutdown();
    isBroken = false;
    expect(sidecar.status().phase).toBe('stopped');
    expect(greeter?.logs.sidecar).toContainEqual(
      expect.stringMatching(/^error Failed to call the handlers of @OnSidecar .*no prototype/),
    );
  });

  it('calls nothing if the module is turned off', async () => {
    @Injectable()
    class Listener {
      @OnSidecar('draining')
      draining() {
        heard.push('draining');
      }
    }
    await start([moduleOf([Listener])], { enabled: false });
    await greeter?.app.close();
    expect(heard).toEqual([]);
  });
});

describe('@OnSidecar of named modules', () => {
  const agent = new EmbeddedAgent();

  afterEach(() => agent.stop());

  it('calls the handlers of their names, and warns once of those that have none', async () => {
    const heard: string[] = [];
    @Injectable()
    class Listener {
      @OnSidecar('registered', { name: 'greeter' })
      greeter({ serviceName }: SidecarEvent<'registered'>) {
        heard.push(`greeter: ${serviceName}`);
      }

      @OnSidecar('registered', { name: 'farewell' })
      farewell({ serviceName }: SidecarEvent<'registered'>) {
        heard.push(`farewell: ${serviceName}`);
      }

      @OnSidecar('registered', { name: 'farwell' })
      misspelt() {
        heard.push('misspelt');
      }

      @OnSidecar('error')
      unnamed() {
        heard.push('unnamed');
      }
    }
    @Module({ providers: [Listener] })
    class Handlers {}
    await agent.start();
    const { app, logs } = await createTwoServices([
      greeterSidecar({ baseUrl: agent.url }),
      farewellSidecar({ baseUrl: agent.url }),
      { module: Handlers },
    ]);
    await app.startAllMicroservices();
    await app.init();
    await eventually(() => heard.length === 2);
    await app.close();
    expect([...heard].sort()).toEqual(['farewell: farewell', 'greeter: greeter']);
    expect(logs.sidecar.filter((line) => line.startsWith('warn') && line.includes('never called'))).toEqual([
      expect.stringContaining(
        "Listener.misspelt is never called: no SidecarAgentModule has the name of @OnSidecar('registered', { name: 'farwell' }) (did you mean `farewell`?)",
      ),
      expect.stringContaining(
        "Listener.unnamed is never called: every SidecarAgentModule has a name, so @OnSidecar('error') needs { name: 'greeter' } or { name: 'farewell' }",
      ),
    ]);
  });
});

describe('OnSidecar()', () => {
  it('refuses an event that does not exist', () => {
    const decorate = () => OnSidecar('regsitered' as 'registered');
    expect(decorate).toThrow(
      '@OnSidecar cannot use these options:\n  - type: must be one of registered, connected, disconnected, draining, deregistered, error, got "regsitered" (did you mean `registered`?)',
    );
  });
});
