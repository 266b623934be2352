import { afterEach, describe, expect, it } from '@jest/globals';

import { flatRegister, nodeLeave, nodeRegister } from './support/bodies.js';
import { StartedAgents } from './support/started-agents.js';
import { get, post, send } from './support/http.js';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** Any port: these tests do not wait for it to answer. */
const PORT = 9;

describe('EmbeddedAgent on the wire', () => {
  const agents = new StartedAgents();
  const { start } = agents;
  afterEach(agents.stop);

  describe('when a body speaks the node dialect', () => {
    it('registers, drains and deregisters in an envelope', async () => {
      const agent = await start({ dialect: 'node' });
      const registered = await post(`${agent.url}/register`, nodeRegister(PORT));
      expect(registered.status).toBe(200);
      expect(registered.headers['content-type']).toBe('application/json');
      expect(registered.json).toEqual({
        success: true,
        code: 'register_ok',
        message: expect.any(String),
        data: {
          name: 'auth',
          namespace: 'default',
          dns: 'auth.default.svc.cluster.local',
          host: '127.0.0.1',
          port: PORT,
          service_port: 9090,
          state: 'Registered',
          protocol: 'grpc',
          weight: 100,
          dialect: 'node',
          methods: ['/acme.auth.v1.AuthService/Login', '/acme.auth.v1.AuthService/Logout'],
          app_id: '10001',
          instance_id: '0197f3a2-0000-7000-8000-000000000001',
          version: 'v1.3.4',
          registered_at: expect.stringMatching(ISO),
          updated_at: expect.stringMatching(ISO),
        },
        generated_at: expect.stringMatching(ISO),
      });
      const drained = await post(`${agent.url}/drain`, nodeLeave({ grace_period: '20s' }));
      expect(drained.json).toMatchObject({
        success: true,
        code: 'drain_ok',
        data: { state: 'Draining', drain_deadline: expect.stringMatching(ISO) },
      });
      const gone = await post(`${agent.url}/deregister`, nodeLeave());
      expect(gone.json).toMatchObject({
        success: true,
        code: 'deregister_ok',
        data: { state: 'Deregistered' },
      });
      expect(gone.json['data']).not.toHaveProperty('drain_deadline');
    });

    it('is refused by an agent of the flat dialect, in that dialect and without effect', async () => {
      const agent = await start({ dialect: 'flat' });
      for (const [path, body] of [
        ['/register', nodeRegister(PORT)],
        ['/drain', nodeLeave()],
        ['/deregister', nodeLeave()],
      ] as const) {
        const { status, json } = await post(agent.url + path, body);
        expect(status).toBe(400);
        expect(json).toEqual({ error: expect.stringContaining('speaks the node dialect') });
      }
      expect(agent.services()).toEqual([]);
    });
  });

  describe('when a body speaks the flat dialect', () => {
    it('registers, drains and deregisters with the instance as the answer', async () => {
      const agent = await start({ dialect: 'flat' });
      const body = flatRegister(PORT);
      const { status, json } = await post(`${agent.url}/register`, body);
      expect(status).toBe(200);
      expect(json).toEqual({
        request: body,
        instance_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        agent_id: expect.any(String),
        agent_run_id: expect.any(String),
        address: '127.0.0.1',
        zone: expect.any(String),
        route_prefixes: ['/acme.auth.v1.AuthService/'],
        route_config_ref: 'routes/prod/default/auth/current',
        lease_check_id: expect.stringContaining(String(json['instance_id'])),
        state: 'Serving',
        registered_at: expect.stringMatching(ISO),
        updated_at: expect.stringMatching(ISO),
      });
      const who = { name: 'auth', port: PORT };
      const drained = await post(`${agent.url}/drain`, { ...who, grace_period: '1m30s' });
      expect(drained.json).toMatchObject({ state: 'Draining', instance_id: json['instance_id'] });
      const { drain_deadline: deadline, updated_at: updated } = drained.json;
      expect(Date.parse(String(deadline)) - Date.parse(String(updated))).toBe(90_000);
      const gone = await post(`${agent.url}/deregister`, who);
      expect(gone.json).toMatchObject({ state: 'Deregistered' });
      expect(gone.json).not.toHaveProperty('drain_deadline');
    });

    it('is refused by an agent of the node dialect in an envelope, without effect', async () => {
      const agent = await start({ dialect: 'node' });
      for (const [action, body] of [
        ['register', flatRegister(PORT)],
        ['drain', { name: 'auth', port: PORT }],
        ['deregister', { name: 'auth', port: PORT }],
      ] as const) {
        const { status, json } = await post(`${agent.url}/${action}`, body);
        expect(status).toBe(400);
        expect(json).toEqual({
          success: false,
          code: `${action}_failed`,
          message: expect.stringContaining('speaks the flat dialect'),
          data: null,
          generated_at: expect.stringMatching(ISO),
        });
      }
      expect(agent.services()).toEqual([]);
    });
  });

  describe('when it speaks both dialects', () => {
    it('answers each body in its own, refusals as well', async () => {
      const agent = await start();
      expect((await post(`${agent.url}/register`, nodeRegister(PORT))).json).toMatchObject({
        code: 'register_ok',
      });
      expect((await post(`${agent.url}/register`, flatRegister(PORT))).json).toMatchObject({
        state: 'Serving',
      });
      expect((await post(`${agent.url}/register`, nodeRegister(0))).json).toMatchObject({
        code: 'register_failed',
      });
      expect((await post(`${agent.url}/register`, flatRegister(0))).json).toEqual({
        error: 'port is invalid: 0',
      });
      expect(agent.services().map(({ dialect }) => dialect)).toEqual(['node', 'flat']);
    });

    it.each(['', '{', 'null', '[]', '"text"', '{"app":'])('answers %j in an envelope', async (body) => {
      const agent = await start();
      const { status, json } = await post(`${agent.url}/register`, body);
      expect(status).toBe(400);
      expect(json).toMatchObject({ success: false, code: 'invalid_json', data: null });
    });
  });

  describe('when an instance is unknown', () => {
    it.each(['drain', 'deregister'])('answers 400 to a %s in either dialect', async (action) => {
      const agent = await start();
      const node = await post(`${agent.url}/${action}`, nodeLeave());
      expect(node.status).toBe(400);
      expect(node.json).toMatchObject({ success: false, code: `${action}_failed` });
      expect(node.json['message']).toContain('not found: app 10001, instance 0197f3a2');
      const flat = await post(`${agent.url}/${action}`, { name: 'auth', port: PORT });
      expect(flat.status).toBe(400);
      expect(flat.json).toEqual({ error: `local service not found: auth:${PORT}` });
    });

    it('does not know a deregistered one any more', async () => {
      const agent = await start();
      await post(`${agent.url}/register`, nodeRegister(PORT));
      expect((await post(`${agent.url}/deregister`, nodeLeave())).status).toBe(200);
      expect((await post(`${agent.url}/deregister`, nodeLeave())).status).toBe(400);
      expect((await post(`${agent.url}/drain`, nodeLeave())).status).toBe(400);
    });
  });

  describe('when it does not serve a path or method', () => {
    it('answers 404 in plain text', async () => {
      const agent = await start();
      const { status, headers } = await get(`${agent.url}/registers`);
      expect(status).toBe(404);
      expect(headers['content-type']).toMatch(/^text\/plain/);
    });

    it.each([
      ['GET', '/register', 'POST'],
      ['PUT', '/drain', 'POST'],
      ['GET', '/deregister', 'POST'],
      ['POST', '/watch', 'GET'],
      ['POST', '/healthz', 'GET'],
      ['DELETE', '/debug/services', 'GET'],
    ])('answers 405 to %s %s', async (method, path, allow) => {
      const agent = await start();
      const { status, headers } = await send(agent.url + path, method);
      expect(status).toBe(405);
      expect(headers.allow).toBe(allow);
      expect(headers['content-type']).toMatch(/^text\/plain/);
    });
  });

  describe('when a body is large', () => {
    const padded = (bytes: number): string => {
      const body = JSON.stringify(flatRegister(PORT));
      return body + ' '.repeat(bytes - body.length);
    };

    it('takes 8 MiB', async () => {
      const agent = await start();
      expect((await post(`${agent.url}/register`, padded(8 * 1024 * 1024))).status).toBe(200);
    });

    it('answers 413 to one byte more, without effect', async () => {
      const agent = await start();
      const { status, json } = await post(`${agent.url}/register`, padded(8 * 1024 * 1024 + 1));
      expect(status).toBe(413);
      expect(json).toMatchObject({ success: false, code: 'request_too_large' });
      expect(agent.services()).toEqual([]);
      expect(agent.requests()).toMatchObject([{ path: '/register', rawBody: '', status: 413 }]);
    });
  });

  it('lists what it holds under /debug/services', async () => {
    const agent = await start();
    await post(`${agent.url}/register`, flatRegister(PORT));
    await post(`${agent.url}/drain`, { name: 'auth', port: PORT });
    await post(`${agent.url}/register`, nodeRegister(PORT, { protocol: 'http', methods: [] }));
    const { json } = await get(`${agent.url}/debug/services`);
    expect(json['services']).toEqual([
      expect.objectContaining({
        name: 'auth',
        dialect: 'flat',
        state: 'Draining',
        drain_deadline: expect.any(String),
      }),
      expect.objectContaining({
        host: '127.0.0.1',
        port: PORT,
        protocol: 'http',
        dialect: 'node',
        methods: [],
      }),
    ]);
  });
});
