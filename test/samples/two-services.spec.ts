import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GrpcCaller } from './support/grpc.caller.js';
import { SampleProcess } from './support/sample.process.js';

jest.setTimeout(60_000);

describe('sample 07: two services in one process', () => {
  let agent: EmbeddedAgent;
  let sample: SampleProcess;
  let url: string;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    const httpPort = await freePort();
    url = `http://127.0.0.1:${httpPort}`;
    sample = new SampleProcess('07-two-services/dist/main.js', {
      HTTP_PORT: String(httpPort),
      SIDECAR_AGENT_BASE_URL: agent.url,
      DRAIN_DELAY: '500ms',
      GRACE_PERIOD: '5s',
    });
    await agent.waitFor(() => agent.services().filter(({ state }) => state === 'Serving').length === 2, {
      timeout: 30_000,
    });
  });

  afterEach(async () => {
    await SampleProcess.endAll();
    await agent.stop();
  });

  const portOf = (name: string) => agent.services().find((service) => service.name === name)?.port ?? 0;

  async function call(name: 'billing' | 'search', service: string, rpc: string, request: object) {
    const caller = new GrpcCaller(portOf(name), service, `07-two-services/proto/${name}.proto`);
    try {
      return await caller.call(rpc, request);
    } finally {
      caller.close();
    }
  }
  const charge = () =>
    call('billing', 'acme.billing.v1.BillingService', 'Charge', { account: 'ada', cents: 5 });
  const find = () => call('search', 'acme.search.v1.SearchService', 'Find', { text: 'pride' });

  it('registers both, each with its own port and methods', async () => {
    expect(agent.services().map(({ name, methods }) => ({ name, methods }))).toEqual(
      expect.arrayContaining([
        { name: 'billing', methods: ['/acme.billing.v1.BillingService/Charge'] },
        { name: 'search', methods: ['/acme.search.v1.SearchService/Find'] },
      ]),
    );
    expect(await charge()).toEqual({ account: 'ada', balance: -5 });
    expect(await find()).toEqual({ titles: ['Pride and Prejudice'] });
    const health = await fetch(`${url}/health`, { headers: { connection: 'close' } });
    expect(await health.json()).toMatchObject({
      status: 'ok',
      details: { billing: { status: 'up' }, search: { status: 'up' } },
    });
    const services = await fetch(`${url}/services`, { headers: { connection: 'close' } });
    expect(await services.json()).toMatchObject([
      { name: 'billing', port: portOf('billing') },
      { name: 'search', port: portOf('search') },
    ]);
  });

  it('drains both, and serves on, at SIGTERM', async () => {
    sample.signal('SIGTERM');
    await agent.waitFor(() => agent.services().every(({ state }) => state === 'Draining'));
    expect(await charge()).toMatchObject({ account: 'ada' });
    expect(await find()).toMatchObject({ titles: ['Pride and Prejudice'] });
    expect(await sample.end()).toEqual({ code: 0, signal: null });
    expect(agent.services().map(({ state }) => state)).toEqual(['Deregistered', 'Deregistered']);
  });
});
