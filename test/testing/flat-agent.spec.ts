import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { EmbeddedAgent } from '../../lib/testing/index.js';
import { flatRegister, nodeLeave, nodeRegister } from './support/bodies.js';
import { type Answer, get, post } from './support/http.js';

/** Any port: an agent of the flat dialect does not wait for it to answer. */
const PORT = 9;
const WHO = { name: 'auth', port: PORT };
const CONFLICT = { error: 'route document conflict' };

describe('EmbeddedAgent as an agent of the flat dialect', () => {
  let agent: EmbeddedAgent;
  beforeEach(async () => {
    agent = new EmbeddedAgent({ dialect: 'flat' });
    await agent.start();
  });
  afterEach(() => agent.stop());

  const register = (change?: Parameters<typeof flatRegister>[1]): Promise<Answer> =>
    post(`${agent.url}/register`, flatRegister(PORT, change));
  const drain = (who: object = WHO): Promise<Answer> => post(`${agent.url}/drain`, who);
  const deregister = (who: object = WHO): Promise<Answer> => post(`${agent.url}/deregister`, who);
  const states = (): string[] => agent.services().map(({ state }) => state);

  describe('states', () => {
    it('says Serving at once, and never Registered', async () => {
      expect((await register()).json).toMatchObject({ state: 'Serving' });
      expect(agent.services()[0]?.history.map(({ state }) => state)).toEqual(['Serving']);
    });

    it('answers 200 to a second deregister, without a second change', async () => {
      const { json: registered } = await register();
      const changes: string[] = [];
      agent.on('instance', ({ state }) => changes.push(state));
      const [first, second] = [await deregister(), await deregister()];
      for (const { status, json } of [first, second]) {
        expect(status).toBe(200);
        expect(json).toMatchObject({ state: 'Deregistered', instance_id: registered['instance_id'] });
      }
      expect(second.json).toEqual(first.json);
      expect(changes).toEqual(['Deregistered']);
    });

    it('answers 400 to a drain and a deregister of an instance that was never registered', async () => {
      await register();
      for (const { status, json } of [
        await drain({ name: 'auth', port: 10 }),
        await deregister({ name: 'x', port: PORT }),
      ]) {
        expect(status).toBe(400);
        expect(json).toEqual({ error: expect.stringMatching(/^local service not found: (auth:10|x:9)$/) });
      }
    });

    it('has no record of a deregistered instance after a restart', async () => {
      await register();
      await deregister();
      await agent.restart();
      expect(await deregister()).toMatchObject({
        status: 400,
        json: { error: `local service not found: auth:${PORT}` },
      });
    });

    it('leaves a draining instance draining at the same register', async () => {
      const { json: registered } = await register();
      await drain();
      expect(await register()).toMatchObject({
        status: 200,
        json: { state: 'Draining', instance_id: registered['instance_id'] },
      });
    });

    it('makes a new instance of a draining one at a changed register', async () => {
      const { json: registered } = await register();
      await drain();
      const { json } = await register({ weight: 50 });
      expect(json).toMatchObject({ state: 'Serving' });
      expect(json).not.toHaveProperty('drain_deadline');
      expect(json['instance_id']).not.toBe(registered['instance_id']);
      expect(states()).toEqual(['Serving', 'Deregistered']);
    });
  });

  describe('a register with the same fields', () => {
    const [login, logout] = ['/acme.auth.v1.AuthService/Login', '/acme.auth.v1.AuthService/Logout'];

    it.each<[string, Parameters<typeof flatRegister>[1]]>([
      ['repeated methods', { methods: [login, logout, login] }],
      ['unknown fields', { methods: [login, logout], run_date: 'today' }],
      ['padded fields', { methods: [login, ` ${logout}`], env: ' prod ' }],
      [
        'a kernel as Go writes it',
        { methods: [login, logout], kernel: { Language: 'node', Version: 'v22.23.3' } },
      ],
    ])('is a replay: %s', async (_what, change) => {
      const { json: registered } = await register({ methods: [login, logout] });
      const { json } = await register(change);
      expect(json['instance_id']).toBe(registered['instance_id']);
      expect(agent.services()).toMatchObject([{ replays: 1 }]);
    });

    it('is a new instance if the methods have another order, whose routes are the same', async () => {
      await register({ methods: [login, logout] });
      expect((await register({ methods: [logout, login] })).status).toBe(200);
      expect(states()).toEqual(['Serving', 'Deregistered']);
    });
  });

  describe('route documents', () => {
    const OTHERS: [string, Parameters<typeof flatRegister>[1]][] = [
      ['other methods', { methods: ['/acme.auth.v1.AuthService/Logout'] }],
      ['another version', { version: 'v2' }],
    ];

    it.each(OTHERS)(
      'refuses %s of a service that is registered, and has taken it out',
      async (_what, change) => {
        await register();
        const seen: string[] = [];
        agent.on('instance', ({ state }) => seen.push(state));
        agent.on('answer', ({ status }) => seen.push(String(status)));
        expect(await register(change)).toMatchObject({ status: 400, json: CONFLICT });
        expect(seen).toEqual(['Deregistered', '400']);
        expect(states()).toEqual(['Deregistered']);
      },
    );

    it('refuses another port of the service, whose own instance stays', async () => {
      await register();
      expect(await register({ port: 10 })).toMatchObject({ status: 400, json: CONFLICT });
      expect(states()).toEqual(['Serving']);
    });

    it.each(OTHERS)('refuses %s after a deregister and a restart as well', async (_what, change) => {
      await register();
      await deregister();
      expect(await register(change)).toMatchObject({ status: 400, json: CONFLICT });
      await agent.restart();
      expect(await register(change)).toMatchObject({ status: 400, json: CONFLICT });
      await agent.stop();
      await agent.start();
      expect(await register(change)).toMatchObject({ status: 400, json: CONFLICT });
      expect(agent.services()).toEqual([]);
    });

    it('takes the old routes back, and another weight', async () => {
      await register();
      await register({ version: 'v2' });
      expect((await register()).status).toBe(200);
      expect((await register({ weight: 50 })).json).toMatchObject({ state: 'Serving' });
    });

    it('has one document for each environment, namespace and service', async () => {
      await register();
      for (const change of [{ env: 'test' }, { namespace: 'other' }, { name: 'other' }]) {
        expect((await register({ version: 'v2', port: 10, ...change })).status).toBe(200);
      }
    });

    it('takes other routes after the operator has deleted the document', async () => {
      await register();
      expect(agent.forgetRoutes('auth')).toBe(true);
      expect(agent.forgetRoutes('auth')).toBe(false);
      expect((await register({ version: 'v2' })).status).toBe(200);
      expect(await register()).toMatchObject({ status: 400, json: CONFLICT });
    });

    it('does not publish what is refused for another reason', async () => {
      await register({ weight: 0, version: 'v2' });
      expect((await register()).status).toBe(200);
    });

    it('keeps none with routeConflicts: false', async () => {
      await agent.stop();
      agent = new EmbeddedAgent({ dialect: 'flat', routeConflicts: false });
      await agent.start();
      await register();
      expect((await register({ version: 'v2', port: 10 })).status).toBe(200);
      expect(agent.forgetRoutes('auth')).toBe(false);
    });

    it('keeps them for flat bodies only', async () => {
      await agent.stop();
      agent = new EmbeddedAgent();
      await agent.start();
      await post(`${agent.url}/register`, nodeRegister(PORT));
      expect(
        (await post(`${agent.url}/register`, nodeRegister(PORT, { app: { version: 'v2' } }))).status,
      ).toBe(200);
      await register();
      expect(await register({ version: 'v2' })).toMatchObject({ status: 400, json: CONFLICT });
    });
  });

  describe('lose', () => {
    it('refuses every replay until a deregister, and tells nobody', async () => {
      const { json: registered } = await register();
      const seen: string[] = [];
      agent.on('instance', ({ state }) => seen.push(state));
      agent.lose('auth');
      const words = `CheckID "service:${String(registered['instance_id'])}" does not have associated TTL`;
      expect(await register()).toMatchObject({ status: 400, json: { error: words } });
      expect(await register()).toMatchObject({ status: 400, json: { error: words } });
      const { json } = await get(`${agent.url}/debug/services`);
      expect(json['services']).toMatchObject([{ state: 'Serving' }]);
      expect(seen).toEqual([]);
      expect((await deregister()).status).toBe(200);
      expect((await register()).json).toMatchObject({ state: 'Serving' });
      expect(seen).toEqual(['Deregistered', 'Serving']);
    });

    it('refuses a drain, until a deregister and a register', async () => {
      const { json: registered } = await register();
      agent.lose('auth');
      expect(await drain()).toMatchObject({
        status: 400,
        json: { error: `No service registered with ID "${String(registered['instance_id'])}"` },
      });
      expect(states()).toEqual(['Serving']);
      await deregister();
      await register();
      expect((await drain()).status).toBe(200);
    });

    it('takes a changed register, whose route document is lost too', async () => {
      await register();
      agent.lose('auth');
      expect((await register({ version: 'v2' })).status).toBe(200);
    });

    it('refuses the deregister too with curable: false, until a restart', async () => {
      const { json: registered } = await register();
      agent.lose('auth', { curable: false });
      const id = String(registered['instance_id']);
      for (const { status, json } of [await drain(), await deregister()]) {
        expect(status).toBe(400);
        expect(json).toEqual({ error: `Unknown service ID "${id}"` });
      }
      expect(await register()).toMatchObject({
        status: 400,
        json: { error: `Unknown check ID "service:${id}"` },
      });
      expect((await register({ weight: 50 })).status).toBe(400);
      expect(states()).toEqual(['Serving']);
      await agent.restart();
      expect((await register()).status).toBe(200);
    });

    it('loses every instance of the name, and no other', async () => {
      await register();
      await register({ name: 'other' });
      agent.lose('auth');
      expect((await register({ name: 'other' })).status).toBe(200);
      expect((await register()).status).toBe(400);
    });

    it('deregisters an instance of the node dialect, which the next register makes anew', async () => {
      await agent.stop();
      agent = new EmbeddedAgent({ dialect: 'node' });
      await agent.start();
      await post(`${agent.url}/register`, nodeRegister(PORT));
      agent.lose('auth');
      expect(states()).toEqual(['Deregistered']);
      expect((await post(`${agent.url}/deregister`, nodeLeave())).status).toBe(400);
      expect((await post(`${agent.url}/register`, nodeRegister(PORT))).status).toBe(200);
      expect(agent.services()).toMatchObject([
        { state: 'Registered', replays: 0 },
        { state: 'Deregistered' },
      ]);
    });

    it('refuses a name that the agent does not hold', async () => {
      await register();
      expect(() => agent.lose('autj')).toThrow(
        expect.objectContaining({
          kind: 'invalid_options',
          message: 'Cannot lose a service: name: must be a service that the agent holds, got "autj".',
        }),
      );
      await agent.stop();
      expect(() => agent.lose('auth')).toThrow(/must be a service that the agent holds/);
    });
  });
});
