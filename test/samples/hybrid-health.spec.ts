import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { HealthClient } from '../support/health-client.js';
import { GrpcCaller } from './support/grpc.caller.js';
import { SampleProcess } from './support/sample.process.js';
import { until } from './support/until.js';

jest.setTimeout(60_000);

const SECRET = 's3cr3t-of-the-app';
const TOKEN = 't0ken-for-the-agent';

describe('sample 02: a hybrid application with health checks and metrics', () => {
  let agent: EmbeddedAgent;
  let sample: SampleProcess;
  let catalog: GrpcCaller;
  let grpcHealth: HealthClient;
  let url: string;
  let grpcPort: number;

  beforeEach(async () => {
    // Not started yet: its port is known because it is given.
    agent = new EmbeddedAgent({ port: await freePort() });
    const httpPort = await freePort();
    grpcPort = await freePort();
    url = `http://127.0.0.1:${httpPort}`;
    sample = new SampleProcess('02-hybrid-health/dist/main.js', {
      HTTP_PORT: String(httpPort),
      GRPC_PORT: String(grpcPort),
      SIDECAR_AGENT_BASE_URL: agent.url,
      SIDECAR_AGENT_TOKEN: TOKEN,
      APP_SECRET: SECRET,
      DRAIN_DELAY: '2s',
      GRACE_PERIOD: '5s',
    });
    catalog = new GrpcCaller(
      grpcPort,
      'acme.catalog.v1.CatalogService',
      '02-hybrid-health/proto/catalog.proto',
    );
    grpcHealth = new HealthClient(grpcPort);
    await sample.line(/Nest application successfully started/);
    // Nest logs this a moment before the HTTP port is open.
    await until(() => get('/health').catch(() => false), 'the HTTP server to listen');
  });

  afterEach(async () => {
    catalog.close();
    grpcHealth.close();
    await SampleProcess.endAll();
    await agent.stop();
  });

  // Each on its own connection: the server may close a kept one just when it is used again.
  const get = (path: string) => fetch(`${url}${path}`, { headers: { connection: 'close' } });
  const health = async () => (await get('/health')).status;
  const becomes = (code: number) => until(async () => (await health()) === code, `/health ${code}`);
  const status = async () => (await get('/status')).text();

  it('is healthy only while the agent is running', async () => {
    expect(await health()).toBe(503);
    await agent.start();
    await becomes(200);
    await agent.stop();
    await becomes(503);
    await agent.start();
    await becomes(200);
    expect(await (await get('/health')).json()).toMatchObject({
      status: 'ok',
      details: { sidecar: { status: 'up', phase: 'registered' } },
    });
  });

  it('is ready while the agent restarts, and live and serving without it', async () => {
    const probes = async () => {
      const paths = ['/health/live', '/health/ready', '/health/started'];
      return Promise.all(paths.map(async (path) => (await get(path)).status));
    };
    const watch = grpcHealth.watch();
    expect(await probes()).toEqual([200, 503, 503]);
    expect(await grpcHealth.check('acme.catalog.v1.CatalogService')).toBe('SERVING');
    await agent.start();
    await becomes(200);
    expect(await probes()).toEqual([200, 200, 200]);
    await agent.stop();
    await becomes(503);
    expect(await probes()).toEqual([200, 200, 200]);
    expect(await grpcHealth.list()).toEqual({ '': 'SERVING', 'acme.catalog.v1.CatalogService': 'SERVING' });
    expect([watch.statuses, watch.code()]).toEqual([['SERVING'], undefined]);
  });

  it('shows its status, without secrets', async () => {
    expect(JSON.parse(await status())).toMatchObject({ phase: 'connecting', registered: false });
    await agent.start();
    await becomes(200);
    const text = await status();
    expect(JSON.parse(text)).toMatchObject({
      phase: 'registered',
      connected: true,
      registered: true,
      lastServiceName: 'catalog',
      lastServicePort: grpcPort,
      registerReplayCount: 1,
      dialect: 'node',
      inFlight: 0,
    });
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(TOKEN);
    expect(sample.output).not.toContain(SECRET);
    expect(sample.output).not.toContain(TOKEN);
    const register = agent.requests().find(({ path }) => path === '/register');
    expect(register?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(register?.rawBody).not.toContain(SECRET);
  });

  it('has metrics for Prometheus, and sends a trace context to the agent', async () => {
    const metrics = async () => (await get('/metrics')).text();
    const labels = 'sidecar_agent_service_name="catalog",otel_scope_name="nestjs-sidecar-agent"';
    expect(await metrics()).toContain(`sidecar_agent_connected{${labels}} 0`);
    await agent.start();
    await becomes(200);
    const text = await metrics();
    expect(text).toContain(`sidecar_agent_connected{${labels}} 1`);
    expect(text).toContain(`sidecar_agent_registered{${labels}} 1`);
    expect(text).toContain(`sidecar_agent_reconnects_total{${labels}} 0`);
    expect(text).toContain(`sidecar_agent_register_duration_count{${labels}} 1`);
    expect(text).toContain(`sidecar_agent_calls_in_flight{${labels}} 0`);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(TOKEN);
    await agent.stop();
    await becomes(503);
    await agent.start();
    await becomes(200);
    expect(await metrics()).toContain(`sidecar_agent_reconnects_total{${labels}} 1`);
    const traceparents = agent
      .requests()
      .filter(({ path }) => path === '/register')
      .map(({ headers }) => headers.traceparent);
    expect(traceparents.length).toBeGreaterThan(0);
    for (const traceparent of traceparents) expect(traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
  });

  it('drains, serves on, deregisters and exits with 0 at SIGTERM', async () => {
    await agent.start();
    await becomes(200);
    const watch = grpcHealth.watch('acme.catalog.v1.CatalogService');
    await until(() => watch.statuses.length > 0, 'the first message of the watch');
    sample.signal('SIGTERM');
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Draining'));
    expect(await health()).toBe(503);
    expect((await get('/health/ready')).status).toBe(503);
    await until(() => watch.code() === 14, 'the end of the watch');
    expect(watch.statuses).toEqual(['SERVING', 'NOT_SERVING']);
    expect(await grpcHealth.check()).toBe('NOT_SERVING');
    expect(JSON.parse(await status())).toMatchObject({ phase: 'draining' });
    await expect(catalog.call('FindBook', { isbn: '9780141439518' })).resolves.toMatchObject({
      title: 'Pride and Prejudice',
    });
    expect(await sample.end()).toEqual({ code: 0, signal: null });
    const asked = agent.requests().filter(({ method }) => method === 'POST');
    expect(asked.map(({ path, status: answer }) => `${path} ${answer}`)).toEqual([
      '/register 200',
      '/drain 200',
      '/deregister 200',
    ]);
  });
});
