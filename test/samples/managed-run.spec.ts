import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GrpcCaller } from './support/grpc.caller.js';
import { SampleProcess } from './support/sample.process.js';

jest.setTimeout(60_000);

const SECRET = 's3cr3t-of-the-app';

describe('sample 08: a managed run', () => {
  let agent: EmbeddedAgent;
  let stock: GrpcCaller;
  let port: number;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    port = await freePort();
    stock = new GrpcCaller(port, 'acme.stock.v1.StockService', '08-managed-run/proto/stock.proto');
  });

  afterEach(async () => {
    stock.close();
    await SampleProcess.endAll();
    await agent.stop();
  });

  const start = (more: Record<string, string> = {}) =>
    new SampleProcess('08-managed-run/dist/main.js', {
      SERVER_PORT: String(port),
      SIDECAR_AGENT_BASE_URL: agent.url,
      SIDECAR_AGENT_DRAIN_DELAY: '50ms',
      APP_SECRET: SECRET,
      ...more,
    });

  it('registers with the settings of the environment, and answers a call in flight before the pool is closed', async () => {
    const sample = start({ APP_ENV: 'staging' });
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'), { timeout: 30_000 });
    const register = agent.requests().find(({ path }) => path === '/register');
    expect(JSON.parse(register?.rawBody ?? '')).toMatchObject({
      app: { id: '10008', env: 'staging', version: 'v1.0.0', secret: '' },
      service: { name: 'stock' },
      server_port: port,
    });
    const held = stock.call('Reserve', { item: 'book', seconds: 2 });
    await stock.call('Reserve', { item: 'book', seconds: 0 });
    sample.signal('SIGINT');
    await expect(held).resolves.toEqual({ item: 'book', left: 98 });
    expect(await sample.end()).toEqual({ code: 0, signal: null });
    const said = sample.lines.flatMap(
      (line) => /(SIGINT received|Deregistered|The pool is closed)/.exec(line)?.[0] ?? [],
    );
    expect(said).toEqual(['SIGINT received', 'Deregistered', 'The pool is closed']);
    expect(sample.output).not.toContain(SECRET);
  });

  it('names the invalid variables, and ends with 1', async () => {
    const sample = start({ SIDECAR_AGENT_GRACE_PERIOD: 'soon', SERVICE_WEIGHT: '-1' });
    expect(await sample.end()).toEqual({ code: 1, signal: null });
    expect(sample.output).toContain(
      'SIDECAR_AGENT_GRACE_PERIOD: must be a duration with its unit such as "20s"',
    );
    expect(sample.output).toContain('SERVICE_WEIGHT: must be a whole number above 0, got "-1"');
    expect(sample.output).toContain("stage: 'lifecycle'");
    expect(sample.output).not.toContain(SECRET);
  });
});
