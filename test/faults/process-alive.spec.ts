import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SidecarAgentOptions } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { AGENT, CA } from './support/certificates.js';
import { freePort } from '../support/free-port.js';

const MAIN = join(import.meta.dirname, '../support/unclosed-main.mjs');

/** Shorter than every time limit and reminder of the module by default, in milliseconds. */
const AT_ONCE = 2_000;

/** What the script is told; all of it must be JSON. */
interface Settings {
  readonly end: string;
  readonly shape?: 'context' | 'http' | 'microservice';
  readonly port?: number;
  readonly sidecar?: Partial<SidecarAgentOptions>;
}

describe('the process', () => {
  let agent: EmbeddedAgent;
  let child: ChildProcessWithoutNullStreams | undefined;
  let taken: Server | undefined;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    taken?.close();
    await agent.stop();
  });

  /**
   * Runs the script to its end.
   *
   * @param letGo resolves when a service that is never closed has come as far as the test wants
   */
  async function run(settings: Settings, letGo?: () => Promise<unknown>) {
    const port = settings.port ?? (await freePort());
    const sidecar = { baseUrl: agent.url, drainDelay: 0, ...settings.sidecar };
    const env = { ...process.env, NO_COLOR: '1', SETTINGS: JSON.stringify({ ...settings, port, sidecar }) };
    child = spawn(process.execPath, [MAIN], { env });
    let output = '';
    let endedAt = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (/^END/m.test(text)) endedAt = performance.now();
      });
    }
    const closed = once(child, 'close') as Promise<[number | null]>;
    await letGo?.();
    child.stdin.end();
    const [code] = await closed;
    return { code, output, lingered: performance.now() - endedAt };
  }

  const calls = () => agent.requests().map(({ path }) => path);

  it('is not held by a service that is registered and never closed', async () => {
    const registered = () => agent.waitFor(() => agent.services().length === 1, { timeout: 15_000 });
    const { code, lingered } = await run({ end: 'none' }, registered);
    expect(code).toBe(0);
    expect(lingered).toBeLessThan(AT_ONCE);
    expect(calls()).toEqual(['/watch', '/register']);
  });

  it.each<[string, '/watch' | '/register', (one: EmbeddedAgent) => void]>([
    ['hangs at the event stream', '/watch', (one) => one.hang('/watch')],
    ['hangs at the register', '/register', (one) => one.hang('/register')],
    ['refuses the register', '/register', (one) => one.failNext('/register', { status: 500, times: 99 })],
  ])('is not held by a service whose agent %s', async (_what, path, fail) => {
    fail(agent);
    const { code, lingered } = await run({ end: 'none' }, () =>
      agent.waitFor(() => calls().includes(path), { timeout: 15_000 }),
    );
    expect(code).toBe(0);
    expect(lingered).toBeLessThan(AT_ONCE);
  });

  it('is not held by a service whose agent hangs at a register over a kept connection', async () => {
    const { code, lingered } = await run({ end: 'none', sidecar: { reconnectInterval: 50 } }, async () => {
      await agent.waitFor(() => agent.services().length === 1, { timeout: 15_000 });
      agent.hang('/register');
      agent.dropStreams();
      const replays = () => calls().filter((path) => path === '/register').length > 1;
      await agent.waitFor(replays, { timeout: 15_000 });
    });
    expect(code).toBe(0);
    expect(lingered).toBeLessThan(AT_ONCE);
  });

  it.each(['TLS', 'a Unix socket'])('is not held by an event stream over %s', async (way) => {
    const secure = way === 'TLS';
    const stream: RequestListener = (_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .write('event: connected\ndata: ok\n\n');
    };
    const server = secure ? createTlsServer(AGENT, stream) : createHttpServer(stream);
    const socketPath = join(mkdtempSync(join(tmpdir(), 'sidecar-alive-')), 'agent.sock');
    server.listen(secure ? { port: 0, host: '127.0.0.1' } : { path: socketPath });
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const sidecar = secure
      ? { baseUrl: `https://127.0.0.1:${port}`, tls: { ca: CA } }
      : { baseUrl: 'http://agent', socketPath };
    try {
      const { code, lingered } = await run({ end: 'none', sidecar }, () => once(server, 'request'));
      expect(code).toBe(0);
      expect(lingered).toBeLessThan(AT_ONCE);
    } finally {
      server.close();
      rmSync(dirname(socketPath), { recursive: true });
    }
  });

  it('is not held by a service whose agent has gone', async () => {
    const { code, lingered } = await run({ end: 'none' }, async () => {
      await agent.waitFor(() => agent.watchers === 1, { timeout: 15_000 });
      await agent.stop();
    });
    expect(code).toBe(0);
    expect(lingered).toBeLessThan(AT_ONCE);
  });

  it.each([
    ['app.close()', 1],
    ['shutdown()', 1],
    ['own server closed first', 1],
    ['drain() and deregister()', 0],
    ['calls of SidecarClient', 0],
  ])('is held until %s is done, without any other handle', async (end, failures) => {
    if (failures > 0) agent.failNext('/deregister', { status: 503, times: failures });
    agent.slow('/drain', 300);
    const { code, output } = await run({ end, sidecar: { drainDelay: 300, reconnectInterval: 50 } });
    expect([code, output.includes('END')]).toEqual([0, true]);
    expect(new Set(calls())).toEqual(new Set(['/watch', '/register', '/drain', '/deregister']));
    expect(agent.services().map(({ state }) => state)).toEqual(['Deregistered']);
  });

  it('is held while the start waits for the registration', async () => {
    agent.failNext('/register', { status: 500, times: 2 });
    const { code, output } = await run({
      end: 'waitForRegistration',
      shape: 'microservice',
      sidecar: { waitForRegistration: 15_000, reconnectInterval: 50 },
    });
    expect([code, output.includes('END')]).toEqual([0, true]);
    expect(output).toContain('Registered greeter on port');
    expect(calls()).toEqual(['/watch', '/register', '/register', '/register']);
  });

  it('is held while a shutdown waits for work in flight', async () => {
    const { code, output } = await run({
      end: 'work in flight',
      shape: 'http',
      sidecar: { gracePeriod: 300, shutdownTimeout: 1_000 },
    });
    expect([code, output.includes('END')]).toEqual([0, true]);
    expect(calls().slice(-2)).toEqual(['/drain', '/deregister']);
  });

  it.each([
    ['process.exit(3)', 3],
    ['a crash', 1],
    ['a hook that never ends', 1],
  ])('is held after %s until it ends with code %i', async (end, expected) => {
    const { code } = await run({ end, sidecar: { holdProcessExit: true } });
    expect(code).toBe(expected);
    expect(agent.services().map(({ state }) => state)).toEqual(['Deregistered']);
  });

  it.each(['http', 'microservice'] as const)('ends at once if the port of a %s is taken', async (shape) => {
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { output, lingered } = await run({ end: 'port taken', shape, port });
    expect(output).toContain('REFUSED');
    expect(lingered).toBeLessThan(AT_ONCE);
    expect(calls()).toEqual([]);
  });
});
