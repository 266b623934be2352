import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { runCli } from '../cli/support/cli.process.js';
import { freePort } from '../support/free-port.js';
import { SampleProcess } from './support/sample.process.js';

jest.setTimeout(60_000);

const SAMPLES = fileURLToPath(new URL('../../sample/', import.meta.url));

describe('the samples of HTTP routes', () => {
  let agent: EmbeddedAgent;
  let directory: string;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    directory = await mkdtemp(join(tmpdir(), 'sidecar-sample-'));
  });

  afterEach(async () => {
    await SampleProcess.endAll();
    await agent.stop();
    await rm(directory, { recursive: true });
  });

  async function start(script: string, env: Record<string, string> = {}): Promise<SampleProcess> {
    return new SampleProcess(script, {
      GRPC_PORT: String(await freePort()),
      SIDECAR_AGENT_BASE_URL: agent.url,
      DRAIN_DELAY: '50ms',
      ...env,
    });
  }

  const serving = () =>
    agent.waitFor(() => agent.services().find(({ state }) => state === 'Serving'), { timeout: 30_000 });
  const named = ({ httpMethod, path }: { httpMethod: string; path: string }) => `${httpMethod} ${path}`;

  it('03 registers the routes that its proto annotates and its controller serves, logs them, and shuts down', async () => {
    const sample = await start('03-http-routes/dist/main.js');
    expect((await serving()).httpRoutes.map(named)).toEqual([
      'GET /v1/books/{isbn}',
      'GET /v1/{shelf=shelves/*}/books/{isbn}',
      'POST /v1/books/{isbn}:lend',
    ]);
    await sample.line(/POST \/v1\/books\/\{isbn\}:lend -> \/acme\.library\.v1\.LibraryService\/LendBook/);
    sample.signal('SIGTERM');
    expect(await sample.end()).toEqual({ code: 0, signal: null });
  });

  it('03 registers with the agent of the command', async () => {
    const port = await freePort();
    const other = new SampleProcess('../dist/cli/main.js', {}, ['agent', '--port', String(port)]);
    await other.line(/shows what the agent holds/);
    const sample = await start('03-http-routes/dist/main.js', {
      SIDECAR_AGENT_BASE_URL: `http://127.0.0.1:${port}`,
    });
    await sample.line(/Registered library/);
    const answer = await fetch(`http://127.0.0.1:${port}/debug/services`, {
      headers: { connection: 'close' },
    });
    expect(await answer.json()).toMatchObject({ services: [{ http_routes: [{}, {}, {}] }] });
  });

  it('04 registers its manifest, which is up to date', async () => {
    const root = join(SAMPLES, '04-gateway-manifest');
    expect(await runCli(root, 'manifest', '--proto', 'proto/ticket.proto', '--check')).toMatchObject({
      code: 0,
    });
    await start('04-gateway-manifest/dist/main.js');
    const { methods, httpRoutes } = await serving();
    expect(methods).toEqual([
      '/acme.ticket.v1.TicketService/GetTicket',
      '/acme.ticket.v1.TicketService/OpenTicket',
    ]);
    expect(httpRoutes.map(named)).toEqual(['GET /v1/tickets/{id}', 'POST /v1/tickets']);
  });

  it('04 does not start with the manifest of another service', async () => {
    const out = join(directory, 'm.json');
    const proto = join(SAMPLES, '03-http-routes/proto/library.proto');
    expect(await runCli(directory, 'manifest', '--proto', proto, '--out', out)).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toContain('LibraryService');
    const sample = await start('04-gateway-manifest/dist/main.js', { GATEWAY_MANIFEST: out });
    expect((await sample.end()).code).not.toBe(0);
    expect(sample.output).toContain('/acme.ticket.v1.TicketService/GetTicket is served, but not declared');
    expect(agent.services()).toEqual([]);
  });
});
