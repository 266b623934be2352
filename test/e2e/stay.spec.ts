import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  RegisterReplayError,
  SidecarAgent,
  type SidecarAgentError,
  SidecarApiError,
} from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { statusWhere } from '../support/status-where.js';

describe('staying registered', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;
  const errors: SidecarAgentError[] = [];
  const posts = (path: string) => agent.requests().filter((request) => request.path === path);

  beforeEach(async () => {
    errors.length = 0;
    agent = new EmbeddedAgent({ heartbeatInterval: 50 });
    await agent.start();
  });

  afterEach(async () => {
    await greeter.app.close();
    await agent.stop();
  });

  async function start(more: GreeterOptions = {}): Promise<SidecarAgent> {
    const onError = (error: SidecarAgentError) => void errors.push(error);
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url, onError, ...more });
    await greeter.listen();
    const sidecar = greeter.app.get(SidecarAgent);
    return sidecar;
  }

  it('registers again after the agent was killed and restarted', async () => {
    const sidecar = await start();
    await sidecar.registered();
    await agent.stop();
    const away = await statusWhere(greeter.app, ({ connected }) => !connected);
    expect(away).toMatchObject({ registered: false, phase: 'connecting', disconnectCount: 1 });
    expect(away.nextRetryAt).not.toBeNull();

    await agent.start();
    await sidecar.registered();
    expect(agent.services()).toHaveLength(1);
    expect(sidecar.status()).toMatchObject({
      connected: true,
      phase: 'registered',
      disconnectCount: 1,
      registerReplayCount: 2,
      registerReplayFailureCount: 0,
      nextRetryAt: null,
    });
  });

  it('registers again after the stream was dropped', async () => {
    const sidecar = await start();
    for (const drops of [1, 2, 3]) {
      await sidecar.registered();
      agent.dropStreams();
      await statusWhere(greeter.app, ({ disconnectCount }) => disconnectCount === drops);
    }
    await sidecar.registered();
    expect(sidecar.status()).toMatchObject({ disconnectCount: 3, registerReplayCount: 4 });
    expect(agent.services()[0]?.replays).toBe(3);
  });

  it('says why the stream was lost in the first status that says that it is', async () => {
    const sidecar = await start();
    await sidecar.registered();
    const lost = statusWhere(greeter.app, ({ lastEventType }) => lastEventType === 'disconnected');
    agent.dropStreams();
    expect(await lost).toMatchObject({ lastErrorKind: 'watch_stream_closed' });
  });

  it('registers again on a healthy stream after three answers of 500', async () => {
    agent.failNext('/register', { status: 500, times: 3 });
    const sidecar = await start();
    await sidecar.registered();
    expect(sidecar.status()).toMatchObject({
      connected: true,
      disconnectCount: 0,
      registerReplayCount: 1,
      registerReplayFailureCount: 3,
      lastErrorKind: 'register_replay',
    });
    expect(posts('/watch')).toHaveLength(1);
    expect(errors).toHaveLength(3);
    const [error] = errors;
    expect(error).toBeInstanceOf(RegisterReplayError);
    expect(error?.cause).toBeInstanceOf(SidecarApiError);
    expect(error?.cause).toMatchObject({
      method: 'POST',
      path: '/register',
      statusCode: 500,
      kind: 'sidecar_api',
    });
  });

  it('is connected and not registered meanwhile, and says when it tries again', async () => {
    agent.failNext('/register', {
      status: 200,
      body: { success: false, code: 'not_ready', message: 'warming up' },
    });
    const sidecar = await start({ reconnectInterval: '1m', maxReconnectInterval: '1m' });
    const refused = await statusWhere(greeter.app, ({ nextRetryAt }) => nextRetryAt !== null);
    expect(refused).toMatchObject({ connected: true, registered: false, phase: 'registering' });
    expect(refused.lastError).toContain('not_ready: warming up');
    expect(sidecar.status().registerReplayFailureCount).toBe(1);
  });

  it('notices that the agent has fallen silent, and registers again', async () => {
    const sidecar = await start({ idleTimeout: 200 });
    await sidecar.registered();
    agent.silence();
    const silent = await statusWhere(greeter.app, ({ disconnectCount }) => disconnectCount === 1);
    expect(silent).toMatchObject({ lastErrorKind: 'watch_idle_timeout', registered: false });
    agent.unsilence();
    await sidecar.registered();
    expect(sidecar.status().registerReplayCount).toBe(2);
  });

  it('takes heartbeats as life: they touch neither the registration nor the time of the last drop', async () => {
    const sidecar = await start({ idleTimeout: 200 });
    await sidecar.registered();
    const beating = await statusWhere(greeter.app, ({ lastEventId }) => Number(lastEventId) >= 8);
    expect(beating).toMatchObject({
      lastEventType: 'heartbeat',
      disconnectCount: 0,
      lastDisconnectedAt: null,
    });
    expect(posts('/register')).toHaveLength(1);
  });

  it('leaves alone what another client has drained, until it is resumed', async () => {
    const instanceId = 'drained';
    const app = { id: '10001', name: 'greeter-center', env: 'test', version: 'v1', instanceId };
    const sidecar = await start({ app });
    await sidecar.registered();
    const { port } = greeter;
    await fetch(`${agent.url}/drain`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ app_id: '10001', app_instance_id: instanceId, grace_period: '1h' }),
    });
    agent.dropStreams();
    await statusWhere(greeter.app, ({ state }) => state === 'Draining');
    expect(sidecar.status()).toMatchObject({ registered: false, phase: 'draining' });
    expect(posts('/deregister')).toHaveLength(0);

    await sidecar.resume();
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
    expect(posts('/deregister')).toHaveLength(1);
    expect(agent.services().map(({ state, port: held }) => [state, held])).toEqual([
      ['Serving', port],
      ['Deregistered', port],
    ]);
  });

  it('logs one line per change of state, and not one per retry', async () => {
    const sidecar = await start();
    await sidecar.registered();
    await agent.stop();
    const kinds = () => errors.filter(({ kind }) => kind === 'watch_connect').length;
    await statusWhere(greeter.app, () => kinds() >= 12);
    await agent.start();
    await sidecar.registered();
    const lines = greeter.logs.sidecar.filter((line) => /Connected|reconnecting/.test(line));
    const told = [1, 4, 16, 64].filter((count) => count <= errors.length);
    expect(lines).toHaveLength(1 + told.length + 1);
    expect(lines.at(-1)).toContain(`after ${kinds()} failed attempts`);
  });

  it('goes on where onError and a subscriber throw', async () => {
    const thrower = () => {
      throw new Error('a listener of mine');
    };
    const sidecar = await start({ onError: thrower });
    await sidecar.registered();
    agent.dropStreams();
    await statusWhere(greeter.app, ({ disconnectCount }) => disconnectCount === 1);
    await sidecar.registered();
    expect(greeter.logs.lines.join('\n')).toContain('a listener of mine');
  });
});
