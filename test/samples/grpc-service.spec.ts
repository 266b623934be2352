import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GrpcCaller } from './support/grpc.caller.js';
import { SampleProcess } from './support/sample.process.js';

jest.setTimeout(60_000);

describe('sample 01: the service by itself', () => {
  let agent: EmbeddedAgent;
  let sample: SampleProcess;
  let auth: GrpcCaller;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    const port = await freePort();
    sample = new SampleProcess('01-grpc-service/dist/main.js', {
      GRPC_PORT: String(port),
      SIDECAR_AGENT_BASE_URL: agent.url,
      DRAIN_DELAY: '50ms',
      GRACE_PERIOD: '20s',
    });
    auth = new GrpcCaller(port, 'acme.auth.v1.AuthService', '01-grpc-service/proto/auth.proto');
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'), { timeout: 30_000 });
  });

  afterEach(async () => {
    auth.close();
    await SampleProcess.endAll();
    await agent.stop();
  });

  it('keeps a stream open through the drain, and exits with 0 when that has ended', async () => {
    const session = await auth.call('Login', { user: 'ada' });
    const events = auth.stream('WatchSession', session)[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { state: 'open' } });

    sample.signal('SIGTERM');
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Draining'));
    await auth.call('Logout', session);
    expect(await events.next()).toMatchObject({ value: { state: 'closed' } });
    expect(await events.next()).toMatchObject({ done: true });

    expect(await sample.end()).toEqual({ code: 0, signal: null });
    expect(agent.services()).toMatchObject([{ name: 'auth', state: 'Deregistered' }]);
  });

  it('answers errors with a status', async () => {
    await expect(auth.call('Login', { user: '' })).rejects.toMatchObject({ details: 'user is empty' });
    await expect(auth.call('Logout', { token: 'x' })).rejects.toMatchObject({
      details: 'there is no such session',
    });
  });
});
