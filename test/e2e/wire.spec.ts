import { afterEach, describe, expect, it } from '@jest/globals';
import { type Dialect, SidecarAgent } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { GREETER_METHODS } from '../support/greeter.js';
import { statusWhere } from '../support/status-where.js';

const INSTANCE = '0197f3a2-0000-7000-8000-000000000001';
const APP = { id: '10001', name: 'auth-center', env: 'prod', version: 'v1.3.4', instanceId: INSTANCE };

/**
 * The bodies that each dialect has, in the order of the calls; the run date is the only thing a
 * test cannot know.
 */
const BODIES: Record<
  Dialect,
  (port: number, runDate: string) => { register: string; drain: string; deregister: string }
> = {
  node: (port, runDate) => ({
    register: `{"app":{"id":"10001","env":"prod","name":"auth-center","secret":"","version":"v1.3.4","instance_id":"${INSTANCE}"},"kernel":{"language":"node","version":"${process.version}"},"service":{"name":"auth","type":"svc","namespace":"default","cluster_domain":"cluster.local","port":9090,"weight":100},"protocol":"grpc","server_port":${port},"managed_port":10501,"dns":"auth.default.svc.cluster.local","run_date":"${runDate}","proto_count":1,"methods":${JSON.stringify(GREETER_METHODS)}}`,
    drain: `{"app_id":"10001","app_instance_id":"${INSTANCE}","service_name":"auth","grace_period":"1m30s"}`,
    deregister: `{"app_id":"10001","app_instance_id":"${INSTANCE}","service_name":"auth","service_port":${port}}`,
  }),
  flat: (port) => ({
    register: `{"app_id":"10001","app_name":"auth-center","name":"auth","namespace":"default","port":${port},"dns":"auth.default.svc.cluster.local","env":"prod","weight":100,"protocol":"grpc","kernel":{"language":"node","version":"${process.version}"},"methods":${JSON.stringify(GREETER_METHODS)},"version":"v1.3.4"}`,
    drain: `{"name":"auth","port":${port},"grace_period":"1m30s"}`,
    deregister: `{"name":"auth","port":${port}}`,
  }),
};

describe('what is said to the agent', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp | undefined;

  afterEach(async () => {
    await greeter?.app.close();
    greeter = undefined;
    await agent.stop();
  });

  async function start(dialect: Dialect, more: GreeterOptions): Promise<GreeterApp> {
    agent = new EmbeddedAgent({ dialect });
    await agent.start();
    greeter = await createGreeterApp('microservice', {
      baseUrl: agent.url,
      app: { ...APP, secret: 'the-secret-of-auth' },
      service: { name: 'auth' },
      managedPort: 10501,
      gracePeriod: '1m30s',
      headers: { authorization: 'Bearer the-token-of-auth' },
      ...more,
    });
    await greeter.listen();
    await greeter.app.get(SidecarAgent).registered();
    return greeter;
  }

  const posts = (path: string, status = 200) =>
    agent.requests().filter((request) => request.path === path && request.status === status);

  describe.each<Dialect>(['node', 'flat'])('in the %s dialect', (dialect) => {
    describe.each([dialect, 'auto'] as const)('with the option dialect: %s', (option) => {
      it('registers, replays byte for byte, drains and deregisters', async () => {
        const { app, port } = await start(dialect, { dialect: option });
        await agent.restart();
        await agent.waitFor(() => posts('/register').length === 2);
        const [instance] = agent.services();
        const runDate = String(instance?.request.run_date);
        await app.close();

        const bodies = BODIES[dialect](port, runDate);
        expect(posts('/register').map(({ rawBody }) => rawBody)).toEqual([bodies.register, bodies.register]);
        expect(posts('/drain').map(({ rawBody }) => rawBody)).toEqual([bodies.drain]);
        expect(posts('/deregister').map(({ rawBody }) => rawBody)).toEqual([bodies.deregister]);
        if (dialect === 'node') expect(runDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      });

      it('sends JSON, asks for JSON, and carries the configured headers', async () => {
        await start(dialect, { dialect: option });
        const [register] = posts('/register');
        expect(register?.headers).toMatchObject({
          'content-type': 'application/json',
          accept: 'application/json',
          authorization: 'Bearer the-token-of-auth',
        });
        const watch = agent.requests().find(({ path }) => path === '/watch');
        expect(watch?.headers).toMatchObject({
          accept: 'text/event-stream',
          authorization: 'Bearer the-token-of-auth',
        });
      });

      it('keeps the secret and the token off the wire, the status and the log', async () => {
        const { app, logs } = await start(dialect, { dialect: option });
        const status = app.get(SidecarAgent).status();
        await app.close();
        const bodies = agent.requests().map(({ rawBody }) => rawBody);
        const everything = JSON.stringify([bodies, status, app.get(SidecarAgent).node, logs.lines]);
        expect(everything).not.toContain('the-secret-of-auth');
        expect(everything).not.toContain('the-token-of-auth');
      });
    });
  });

  describe('with dialect: auto and an agent of the flat dialect', () => {
    it('asks in the node dialect once, over reconnects too, and counts no failure for it', async () => {
      const { app } = await start('flat', {});
      expect(posts('/register', 400)).toHaveLength(1);
      agent.writeToStreams('event: connected\ndata: ok\n\n');
      await agent.waitFor(() => posts('/register').length === 2);
      expect(posts('/register', 400)).toHaveLength(1);

      await agent.restart();
      await agent.waitFor(() => posts('/register').length === 3);
      expect(posts('/register', 400)).toHaveLength(1);
      await app.get(SidecarAgent).registered();
      expect(app.get(SidecarAgent).status()).toMatchObject({
        dialect: 'flat',
        registerReplayCount: 3,
        registerReplayFailureCount: 0,
        lastErrorKind: 'watch_stream_closed',
      });
    });

    it('leaves in the dialect that last succeeded, whatever became of the stream', async () => {
      const { app } = await start('flat', { reconnectInterval: '1m', maxReconnectInterval: '1m' });
      agent.dropStreams();
      await statusWhere(app, ({ connected }) => !connected);
      await app.close();
      expect(posts('/drain', 400).concat(posts('/deregister', 400))).toHaveLength(0);
      expect(posts('/deregister')).toHaveLength(1);
    });
  });

  it('tells the listening port, not the logical one, when it deregisters', async () => {
    const { app, port } = await start('node', { service: { name: 'auth', port: 9191 } });
    expect(app.get(SidecarAgent).status().lastServicePort).toBe(port);
    await app.close();
    expect(posts('/register')[0]?.body).toMatchObject({ service: { port: 9191 }, server_port: port });
    expect(posts('/deregister')[0]?.body).toMatchObject({ service_port: port });
  });

  describe('where methods are given', () => {
    it('sends them sorted and unique, unchecked', async () => {
      await start('node', { methods: ['/b.B/Two', '/a.A/One', '/b.B/Two'] });
      expect(posts('/register')[0]?.body).toMatchObject({
        methods: ['/a.A/One', '/b.B/Two'],
        proto_count: 2,
      });
    });
  });
});
