import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  RegistrationController,
  type ServiceNode,
  SidecarAgent,
  type SidecarStatus,
  SidecarStatusService,
} from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { GREETER_METHODS, GreeterClient } from '../support/greeter.js';
import { statusWhere } from '../support/status-where.js';

const GREET = '/acme.greeter.v1.Greeter/Greet';
const WAVE = '/acme.greeter.v1.Greeter/Wave';

describe('changes while the service runs', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;
  let sidecar: SidecarAgent;
  /** The calls in their order; the watch is none. */
  const calls = () =>
    agent
      .requests()
      .map(({ path }) => path)
      .filter((path) => path !== '/watch');
  const registers = () => agent.requests().filter(({ path }) => path === '/register');
  const last = () => registers().at(-1)?.body as Record<string, unknown>;
  const states = () => agent.services().map(({ state }) => state);
  const where = (isIt: (status: SidecarStatus) => boolean) => statusWhere(greeter.app, isIt);

  beforeEach(async () => {
    agent = new EmbeddedAgent({ heartbeatInterval: 50 });
    await agent.start();
  });

  afterEach(async () => {
    await greeter.app.close();
    await agent.stop();
  });

  async function start(more: GreeterOptions = {}): Promise<void> {
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url, gracePeriod: 2_000, ...more });
    sidecar = greeter.app.get(SidecarAgent);
    await greeter.listen();
    await sidecar.registered();
  }

  describe('update', () => {
    it('announces another weight, and all else as it was', async () => {
      await start();
      const before = last();
      await sidecar.update({ weight: 10 });
      expect(registers()).toHaveLength(2);
      expect(last()).toEqual({ ...before, service: { ...(before.service as object), weight: 10 } });
      expect(sidecar.node?.service.weight).toBe(10);
      expect(sidecar.status()).toMatchObject({
        weight: 10,
        revision: 2,
        registeredRevision: 2,
        registered: true,
        disconnectCount: 0,
      });
      expect(greeter.logs.sidecar.at(-1)).toBe('log Updated greeter: weight 10, 3 methods SidecarAgent');
    });

    it('announces other methods, sorted and unique, and counts their services', async () => {
      await start();
      await sidecar.update({ methods: [WAVE, GREET, WAVE, '/acme.bell.v1.Bell/Ring'] });
      expect(last()).toMatchObject({ methods: ['/acme.bell.v1.Bell/Ring', GREET, WAVE], proto_count: 2 });
    });

    it('sends changes that come together as one register', async () => {
      await start();
      await Promise.all([
        ...Array.from({ length: 50 }, (_, index) => sidecar.update({ weight: index + 1 })),
        sidecar.update({ methods: [GREET, WAVE] }),
      ]);
      expect(registers()).toHaveLength(2);
      expect(last()).toMatchObject({ service: { weight: 50 }, methods: [GREET, WAVE] });
    });

    it('keeps one register in flight, and sends the last change after it', async () => {
      await start();
      agent.hang('/register');
      const first = sidecar.update({ weight: 2 });
      await agent.waitFor(() => registers().length === 2);
      const second = sidecar.update({ weight: 3 });
      await where(({ revision }) => revision === 3);
      expect(registers()).toHaveLength(2);
      agent.resume('/register');
      await Promise.all([first, second]);
      expect(registers()).toHaveLength(3);
      expect(last()).toMatchObject({ service: { weight: 3 } });
    });

    it('repeats it until the agent accepts it', async () => {
      await start();
      agent.failNext('/register', { status: 500, times: 2 });
      await sidecar.update({ weight: 10 });
      expect(registers()).toHaveLength(4);
      expect(sidecar.status()).toMatchObject({
        weight: 10,
        registeredRevision: 2,
        registerReplayFailureCount: 2,
      });
    });

    it('says meanwhile that the agent has it not yet', async () => {
      await start({ reconnectInterval: '1m', maxReconnectInterval: '1m' });
      await agent.stop();
      await where(({ connected }) => !connected);
      void sidecar.update({ weight: 10 }).catch(() => {});
      expect(await where(({ revision }) => revision === 2)).toMatchObject({
        weight: 10,
        registeredRevision: 1,
      });
    });

    it('survives a restart of the agent', async () => {
      await start();
      await sidecar.update({ weight: 10 });
      await agent.restart();
      await where(({ registered, disconnectCount }) => registered && disconnectCount === 1);
      expect(last()).toMatchObject({ service: { weight: 10 } });
    });

    it('before the start goes with the first register', async () => {
      greeter = await createGreeterApp('microservice', { baseUrl: agent.url });
      sidecar = greeter.app.get(SidecarAgent);
      await sidecar.update({ weight: 7 });
      expect(sidecar.node).toBeUndefined();
      await greeter.listen();
      await sidecar.registered();
      expect(registers()).toHaveLength(1);
      expect(last()).toMatchObject({ service: { weight: 7 } });
    });

    it('is refused with every fault, and changes nothing', async () => {
      await start();
      const wrong = { weight: 0, methods: ['Greet'], wieght: 1 } as object;
      await expect(sidecar.update(wrong)).rejects.toMatchObject({
        name: 'InvalidOptionsError',
        faults: [{ path: 'weight' }, { path: 'methods.0' }, { path: 'wieght' }],
      });
      await expect(sidecar.update({ methods: [] })).rejects.toThrow('methods: must not be empty');
      await sidecar.update({ weight: 5 });
      expect(registers()).toHaveLength(2);
      expect(last()).toMatchObject({ methods: GREETER_METHODS, service: { weight: 5 } });
    });

    it('announces routes, checked like those of the options, and leading to what is announced', async () => {
      await start();
      const route = { httpMethod: 'post', path: '/v1/wave', fullMethod: WAVE };
      await expect(sidecar.update({ httpRoutes: [route] })).rejects.toThrow(
        /httpRoutes: POST \/v1\/wave leads to .*Wave, which is not registered/,
      );
      await expect(sidecar.update({ httpRoutes: [route, { httpMethod: 'GET', path: 'a' }] })).rejects.toThrow(
        /httpRoutes.1.path: must start with [^]*httpRoutes.1.fullMethod: /,
      );
      await sidecar.update({ httpRoutes: [route], methods: [WAVE] });
      expect(last()).toMatchObject({
        methods: [WAVE],
        http_routes: [{ http_method: 'POST', path: '/v1/wave', full_method: WAVE }],
      });
      expect(sidecar.status()).toMatchObject({ methodCount: 1, httpRouteCount: 1 });
      await expect(sidecar.update({ methods: [GREET] })).rejects.toThrow('which is not registered');
      await sidecar.update({ methods: [GREET], httpRoutes: [] });
      expect(last()).not.toHaveProperty('http_routes');
    });

    it('is refused once the service leaves, and changes nothing', async () => {
      await start();
      const late = sidecar.update({ weight: 9 });
      agent.hang('/drain');
      const left = sidecar.shutdown();
      await expect(late).rejects.toThrow('not registered: the service is leaving the mesh');
      agent.resume('/drain');
      await left;
      await expect(sidecar.update({ weight: 10 })).rejects.toThrow(
        'not registered: the service has left the mesh',
      );
      expect(sidecar.node?.service.weight).toBe(100);
      expect(registers()).toHaveLength(1);
    });

    it('is refused alone where it is at fault, and not those that come with it', async () => {
      await start();
      const stray = { httpMethod: 'GET', path: '/wave', fullMethod: WAVE };
      const [good, bad, other] = await Promise.allSettled([
        sidecar.update({ weight: 9 }),
        sidecar.update({ httpRoutes: [stray] }),
        sidecar.update({ methods: [GREET] }),
      ]);
      expect([good.status, bad.status, other.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(last()).toMatchObject({ service: { weight: 9 }, methods: [GREET] });
      expect(registers()).toHaveLength(2);
    });

    it('of nothing sends nothing', async () => {
      await start();
      await sidecar.update({});
      await sidecar.update({ weight: undefined });
      expect(registers()).toHaveLength(1);
      expect(sidecar.status().revision).toBe(1);
    });

    it('before the start is refused where it contradicts itself', async () => {
      greeter = await createGreeterApp('microservice', { baseUrl: agent.url });
      sidecar = greeter.app.get(SidecarAgent);
      const httpRoutes = [{ httpMethod: 'GET', path: '/wave', fullMethod: WAVE }];
      await expect(sidecar.update({ methods: [GREET], httpRoutes })).rejects.toThrow('is not registered');
    });

    it('before the start, where it does not fit what is served, is an error and not announced', async () => {
      const errors: string[] = [];
      const onError = ({ message }: Error) => void errors.push(message);
      greeter = await createGreeterApp('microservice', { baseUrl: agent.url, onError });
      sidecar = greeter.app.get(SidecarAgent);
      await sidecar.update({
        weight: 7,
        httpRoutes: [{ httpMethod: 'GET', path: '/wave', fullMethod: WAVE }],
      });
      await greeter.listen();
      await sidecar.registered();
      expect(errors).toEqual([expect.stringContaining('GET /wave leads to')]);
      expect(last()).toMatchObject({ service: { weight: 100 }, methods: GREETER_METHODS });
    });

    it('a second announce of another node is an update: what is sent and what the status tells are one', async () => {
      await start();
      const registration = greeter.app.get(RegistrationController);
      const node = registration.node as ServiceNode;
      registration.announce(node);
      expect(sidecar.status()).toMatchObject({ revision: 1, methodCount: GREETER_METHODS.length });

      const methods = [...node.methods, WAVE];
      registration.announce({ ...node, methods, service: { ...node.service, weight: 4 } });
      expect(sidecar.node?.methods).toEqual(methods);
      const told = await where(({ registeredRevision }) => registeredRevision === 2);
      expect(told).toMatchObject({ revision: 2, registered: true, weight: 4, methodCount: methods.length });
      expect(registers()).toHaveLength(2);
      expect(last()).toMatchObject({ methods, service: { weight: 4 } });

      await sidecar.update({ weight: 5 });
      expect(last()).toMatchObject({ methods, service: { weight: 5 } });
      agent.dropStreams();
      await where(({ registerReplayCount }) => registerReplayCount === 4);
      expect(last()).toMatchObject({ methods, service: { weight: 5 } });
      expect(sidecar.status()).toMatchObject({
        revision: 3,
        registeredRevision: 3,
        methodCount: methods.length,
      });
    });

    it('asked for by a listener of the status waits for its own register', async () => {
      await start();
      const status = greeter.app.get(SidecarStatusService);
      const registration = greeter.app.get(RegistrationController);
      const weight = () => (last().service as { weight: number }).weight;
      let asked = false;
      const done = new Promise<number>((resolve) => {
        status.status$.subscribe(({ disconnectCount, registered }) => {
          if (asked || disconnectCount === 0 || !registered) return;
          asked = true;
          const node = sidecar.node as ServiceNode;
          const heavier = { ...node, service: { ...node.service, weight: 3 } };
          void registration.update(heavier).then(() => resolve(weight()));
        });
      });
      agent.dropStreams();
      expect(await done).toBe(3);
    });
  });

  describe('drain and resume', () => {
    it('a service drained manually stays so over a restart of the agent, until it is resumed', async () => {
      await start();
      await sidecar.drain();
      expect(states()).toEqual(['Draining']);
      expect(sidecar.status()).toMatchObject({ phase: 'draining', registered: false, connected: true });

      await agent.restart();
      await where(({ connected, disconnectCount }) => connected && disconnectCount === 1);
      await agent.waitFor(() => agent.watchers === 1);
      expect(calls()).toEqual(['/register', '/drain']);

      await sidecar.resume();
      expect(calls()).toEqual(['/register', '/drain', '/deregister', '/register']);
      await agent.waitFor(() => states().join() === 'Serving');
      expect(sidecar.status()).toMatchObject({ phase: 'registered', registered: true });
    });

    it('an instance that the agent holds as draining is deregistered first', async () => {
      await start();
      await sidecar.drain();
      await sidecar.resume();
      expect(calls()).toEqual(['/register', '/drain', '/deregister', '/register']);
      await agent.waitFor(() => states().includes('Serving'));
      expect(states()).not.toContain('Draining');
    });

    it('what was deregistered manually is registered again', async () => {
      await start();
      await sidecar.deregister();
      agent.dropStreams();
      await where(({ connected, disconnectCount }) => connected && disconnectCount === 1);
      await sidecar.resume();
      expect(calls()).toEqual(['/register', '/deregister', '/register']);
    });

    it('a resume that is overtaken by another drain says so', async () => {
      await start();
      await sidecar.drain();
      agent.hang('/deregister');
      const resumed = sidecar.resume();
      const drained = sidecar.drain();
      await expect(resumed).rejects.toThrow(
        'not registered: drain() or deregister() was called before the registration completed',
      );
      agent.resume('/deregister');
      await drained;
      expect(sidecar.status()).toMatchObject({ phase: 'draining', registered: false });
    });

    it('a resume of a service that has left is refused, and one of a module that is turned off is none', async () => {
      await start();
      await sidecar.shutdown();
      await expect(sidecar.resume()).rejects.toThrow('not registered: the service has left the mesh');
      await greeter.app.close();
      greeter = await createGreeterApp('microservice', { baseUrl: agent.url, enabled: false });
      sidecar = greeter.app.get(SidecarAgent);
      await greeter.listen();
      await sidecar.drain();
      await sidecar.resume();
      await sidecar.update({ weight: 1 });
    });

    it('a drain that the agent refuses is told, and holds all the same', async () => {
      await start();
      agent.failNext('/drain', { status: 500, times: 1 });
      await expect(sidecar.drain()).rejects.toMatchObject({ kind: 'sidecar_api', statusCode: 500 });
      expect(sidecar.status()).toMatchObject({ phase: 'draining', registered: false });
      await sidecar.drain();
      expect(states()).toEqual(['Draining']);
    });

    it('goes on serving while it is out', async () => {
      await start();
      await sidecar.drain();
      const client = new GreeterClient(greeter.port);
      await expect(client.greet('you')).resolves.toBe('hello you');
      client.close();
    });

    it('an update while it is out goes with the register that brings it back', async () => {
      await start();
      await sidecar.drain();
      await sidecar.update({ weight: 10 });
      expect(registers()).toHaveLength(1);
      expect(sidecar.status()).toMatchObject({ weight: 10, revision: 2, registeredRevision: 1 });
      await sidecar.resume();
      expect(registers()).toHaveLength(2);
      expect(sidecar.status()).toMatchObject({ revision: 2, registeredRevision: 2 });
    });

    it('leaves as ever: what is drained already is only deregistered', async () => {
      await start();
      await sidecar.drain();
      await greeter.app.close();
      expect(calls()).toEqual(['/register', '/drain', '/deregister']);
    });
  });
});
