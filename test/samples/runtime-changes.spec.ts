import { afterEach, beforeEach, expect, it, describe, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GrpcCaller } from './support/grpc.caller.js';
import { SampleProcess } from './support/sample.process.js';

jest.setTimeout(60_000);

describe('sample 06: changes while the service runs', () => {
  let agent: EmbeddedAgent;
  let url: string;
  let grpcPort: number;
  let sample: SampleProcess;
  const held = () => agent.services().filter(({ state }) => state !== 'Deregistered');

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    const httpPort = await freePort();
    grpcPort = await freePort();
    url = `http://127.0.0.1:${httpPort}/rotation`;
    sample = new SampleProcess('06-runtime-changes/dist/main.js', {
      HTTP_PORT: String(httpPort),
      GRPC_PORT: String(grpcPort),
      SIDECAR_AGENT_BASE_URL: agent.url,
      DRAIN_DELAY: '50ms',
    });
    await agent.waitFor(() => held().some(({ state }) => state === 'Serving'), { timeout: 30_000 });
  });

  afterEach(async () => {
    await SampleProcess.endAll();
    await agent.stop();
  });

  async function ask(method: string, path: string): Promise<{ code: number; body: unknown }> {
    const answer = await fetch(url + path, { method, headers: { connection: 'close' } });
    return { code: answer.status, body: await answer.json() };
  }

  it('changes its weight, and says what is wrong with an invalid one', async () => {
    expect(held()[0]?.weight).toBe(1);
    expect(await ask('PUT', '/weight/25')).toMatchObject({
      code: 200,
      body: { weight: 25, revision: 2, registeredRevision: 2 },
    });
    expect(held()[0]?.weight).toBe(25);
    expect(await ask('PUT', '/weight/none')).toMatchObject({
      code: 400,
      body: { message: [{ path: 'weight' }] },
    });
    expect(await ask('GET', '')).toMatchObject({ body: { weight: 25, phase: 'registered' } });
  });

  it('drains, serves on, stays drained over a restart of the agent, and resumes', async () => {
    expect(await ask('POST', '/drain')).toMatchObject({ code: 200, body: { phase: 'draining' } });
    expect(held().map(({ state }) => state)).toEqual(['Draining']);
    const pricing = new GrpcCaller(
      grpcPort,
      'acme.pricing.v1.PricingService',
      '06-runtime-changes/proto/pricing.proto',
    );
    await expect(pricing.call('Quote', { sku: 'pen' })).resolves.toMatchObject({ cents: 300 });
    pricing.close();

    await agent.restart();
    await agent.waitFor(() => agent.watchers === 1, { timeout: 30_000 });
    expect(await ask('GET', '')).toMatchObject({ body: { phase: 'draining', registered: false } });
    expect(held()).toEqual([]);

    expect(await ask('POST', '/resume')).toMatchObject({ code: 200, body: { phase: 'registered' } });
    expect(held()).toHaveLength(1);
    sample.signal('SIGTERM');
    expect(await sample.end()).toEqual({ code: 0, signal: null });
  });
});
