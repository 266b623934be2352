import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { postedPaths } from '../support/posted-paths.js';
import { ManagedProcess, type ManagedSettings } from '../managed-run/support/managed-process.js';

const HTTP = { listen: { port: 0, host: '127.0.0.1' } };
const CLEANED_UP = ['POOL CLOSED', 'APPLICATION SHUT DOWN', 'RUN FAILED'];

describe('a managed run that fails', () => {
  let agent: EmbeddedAgent;
  let managed: ManagedProcess;
  let port: number;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    port = await freePort();
  });

  afterEach(async () => {
    await managed.kill();
    await agent.stop();
  });

  const posts = () => postedPaths(agent.requests());

  function begin(shape: ManagedSettings['shape'], more: Partial<ManagedSettings> = {}): void {
    const run = shape === 'hybrid' ? { ...HTTP, ...more.run } : more.run;
    managed = new ManagedProcess({
      port,
      shape,
      ...more,
      run,
      sidecar: { baseUrl: agent.url, ...more.sidecar },
    });
  }

  async function start(shape: ManagedSettings['shape'], more: Partial<ManagedSettings> = {}): Promise<void> {
    begin(shape, more);
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'), { timeout: 15_000 });
  }

  async function taken(): Promise<Server> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  describe.each(['microservice', 'hybrid'] as const)('as a %s', (shape) => {
    it('lifecycle: the factory', async () => {
      begin(shape, { fails: ['factory'] });
      expect(await managed.failure()).toEqual({
        name: 'AgentRunError',
        stage: 'lifecycle',
        kind: 'runtime_error',
        message: 'runSidecarApp failed in stage lifecycle: factory fails',
        cause: 'factory fails',
        later: [],
      });
      expect(managed.milestones).toEqual(['RUN FAILED']);
      expect(await managed.exited).toBe(1);
    });

    it('lifecycle: a start-up hook', async () => {
      begin(shape, { fails: ['init'] });
      expect(await managed.failure()).toMatchObject({ stage: 'lifecycle', cause: 'init fails', later: [] });
      expect(managed.milestones).toEqual(CLEANED_UP);
      expect(managed.output).toContain('LISTENERS 0 0 0');
      expect(posts()).toEqual([]);
      expect(await managed.exited).toBe(1);
    });

    it('lifecycle: a service that the module cannot register', async () => {
      begin(shape, {
        sidecar: { grpc: { package: 'acme.nobody.v1', protoPath: 'greeter.proto' }, serverPort: port },
      });
      const { stage, cause } = await managed.failure();
      expect({ stage, cause }).toEqual({
        stage: 'lifecycle',
        cause: expect.stringContaining('grpc.'),
      });
      expect(managed.milestones).toEqual(CLEANED_UP);
      expect(posts()).toEqual([]);
    });

    it('lifecycle: an application without the module', async () => {
      begin(shape, { modules: [] });
      expect(await managed.failure()).toMatchObject({
        stage: 'lifecycle',
        cause: expect.stringContaining('does not import SidecarAgentModule'),
        later: [],
      });
      expect(managed.milestones).toEqual(CLEANED_UP);
    });

    it('lifecycle: options of the run, every fault of them', async () => {
      const run = { signals: ['SIGKILL'], closeTimeout: 'soon', listens: 1 };
      begin(shape, { run: run as ManagedSettings['run'] });
      const { stage, cause } = await managed.failure();
      expect(stage).toBe('lifecycle');
      expect(cause).toMatch(/^runSidecarApp cannot use these options:\n(?: {2}- .*\n?){3}$/);
      for (const option of ['signals.0: ', 'closeTimeout: ', 'listens: unknown option']) {
        expect(cause).toContain(`  - ${option}`);
      }
      expect(managed.milestones).toEqual(CLEANED_UP);
    });

    it('lifecycle: a start-up that does not complete within closeTimeout', async () => {
      begin(shape, { hangs: 'init', run: { closeTimeout: 300 } });
      await managed.printed('INIT HANGS');
      managed.order('abort');
      const { stage, cause } = await managed.failure();
      expect({ stage, cause }).toEqual({
        stage: 'lifecycle',
        cause: expect.stringContaining('start-up did not complete within 300 ms'),
      });
    });

    it('serve: a gRPC port that is taken', async () => {
      const server = await taken();
      try {
        begin(shape);
        expect(await managed.failure()).toMatchObject({
          stage: 'serve',
          cause: expect.stringContaining(String(port)),
          later: [],
        });
        expect(managed.milestones).toEqual(CLEANED_UP);
        expect(posts()).toEqual([]);
      } finally {
        server.close();
      }
    });

    it('agent_shutdown: a drain that fails; the rest is done', async () => {
      await start(shape);
      agent.failNext('/drain', { status: 500 });
      managed.signal('SIGTERM');
      expect(await managed.failure()).toMatchObject({
        stage: 'agent_shutdown',
        cause: expect.stringContaining('POST /drain answered 500'),
        later: [],
      });
      expect(posts()).toEqual(['/register', '/drain', '/deregister']);
      expect(managed.milestones).toEqual(CLEANED_UP);
    });

    it('agent_shutdown: drain and deregister, both kept', async () => {
      await start(shape, { sidecar: { shutdownTimeout: '3s', requestTimeout: '500ms' } });
      agent.failNext('/drain', { status: 500, times: 1_000 });
      agent.failNext('/deregister', { status: 500, times: 1_000 });
      managed.signal('SIGTERM');
      expect(await managed.failure()).toMatchObject({
        stage: 'agent_shutdown',
        cause: expect.stringMatching(/^POST \/drain answered 500.*; POST \/deregister answered 500/),
        errors: ['sidecar_api', 'sidecar_api'],
        later: [],
      });
      expect(managed.milestones).toEqual(CLEANED_UP);
    });

    it('agent_shutdown: an agent that hangs for longer than shutdownTimeout', async () => {
      await start(shape, { sidecar: { shutdownTimeout: 300, gracePeriod: 100 } });
      agent.hang('/drain');
      managed.signal('SIGTERM');
      expect(await managed.failure()).toMatchObject({
        stage: 'agent_shutdown',
        cause: expect.stringContaining('shutdownTimeout reached'),
      });
      expect(managed.milestones).toEqual(CLEANED_UP);
    });

    it('an agent that does not know the instance is no failure', async () => {
      await start(shape);
      const body = { success: false, code: 'unknown_instance', message: 'local service not found' };
      agent.failNext('/drain', { status: 400, body });
      agent.failNext('/deregister', { status: 400, body });
      managed.signal('SIGTERM');
      expect(await managed.exited).toBe(0);
      expect(managed.output).toContain('RUN ENDED');
    });

    it('shutdown: app.close()', async () => {
      await start(shape, { fails: ['close'] });
      managed.signal('SIGTERM');
      expect(await managed.failure()).toMatchObject({ stage: 'shutdown', cause: 'close fails', later: [] });
      expect(posts()).toEqual(['/register', '/drain', '/deregister']);
      expect(managed.output).toContain('LISTENERS 0 0 0');
    });

    it('shutdown: an app.close() that other code called', async () => {
      await start(shape, { fails: ['close'] });
      managed.order('close');
      expect(await managed.failure()).toMatchObject({ stage: 'shutdown', cause: 'close fails', later: [] });
      expect(posts()).toEqual(['/register', '/drain', '/deregister']);
      expect(managed.output).toContain('CLOSE FAILED: close fails');
    });

    it('shutdown: an app.close() that hangs, within closeTimeout', async () => {
      await start(shape, { hangs: 'destroy', run: { closeTimeout: '300ms' } });
      managed.signal('SIGTERM');
      expect(await managed.failure()).toMatchObject({
        stage: 'shutdown',
        cause: expect.stringContaining('app.close() did not complete within 300 ms (closeTimeout)'),
      });
    });

    it('the first failure is the stage, the others are kept', async () => {
      const server = await taken();
      try {
        begin(shape, { fails: ['close'] });
        expect(await managed.failure()).toMatchObject({
          stage: 'serve',
          message: expect.stringMatching(
            /^runSidecarApp failed in stage serve: .*; then in stage shutdown: close fails$/,
          ),
          later: [['shutdown', 'close fails']],
        });
      } finally {
        server.close();
      }
    });
  });

  it('lifecycle: an HTTP service without the option listen', async () => {
    begin('http', { sidecar: { protocol: 'http' } });
    expect(await managed.failure()).toMatchObject({
      stage: 'lifecycle',
      cause: expect.stringContaining('runSidecarApp: the option listen is missing'),
      later: [],
    });
    expect(managed.milestones).toEqual(CLEANED_UP);
    expect(await managed.exited).toBe(1);
  });

  it('lifecycle: an HTTP service that cannot be registered', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'managed-'));
    try {
      const listen = `${directory}/http.sock` as `/${string}`;
      begin('http', { listen, sidecar: { protocol: 'http' } });
      expect(await managed.failure()).toMatchObject({
        stage: 'lifecycle',
        cause: expect.stringContaining('the HTTP server has no port'),
        later: [],
      });
      expect(managed.milestones).toEqual(CLEANED_UP);
      expect(posts()).toEqual([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('serve: an HTTP port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const http = typeof address === 'object' && address ? address.port : 0;
    try {
      begin('hybrid', { run: { listen: { port: http, host: '127.0.0.1' } } });
      expect(await managed.failure()).toMatchObject({
        stage: 'serve',
        cause: expect.stringContaining('EADDRINUSE'),
      });
      expect(managed.milestones).toEqual(CLEANED_UP);
      // It was booted and bound, so it may have registered: then it leaves.
      expect(posts().at(-1)).not.toBe('/register');
    } finally {
      other.close();
    }
  });

  it.each([
    ['gRPC', 'microservice'],
    ['HTTP', 'hybrid'],
  ] as const)('serve: a %s server that is gone; the service leaves all the same', async (what, shape) => {
    await start(shape);
    managed.order(what === 'gRPC' ? 'kill grpc' : 'kill http');
    expect(await managed.failure()).toMatchObject({
      stage: 'serve',
      cause: `the ${what} server closed, but app.close() was not called: the service can no longer be reached`,
      later: [],
    });
    expect(posts()).toEqual(['/register', '/drain', '/deregister']);
    expect(managed.milestones).toEqual(CLEANED_UP);
  });

  it('serve: a gRPC server that is gone, with another that was closed manually', async () => {
    await start('hybrid', { tcp: true });
    managed.order('close tcp');
    await managed.printed('the TCP server is closed');
    managed.order('kill grpc');
    expect(await managed.failure()).toMatchObject({
      stage: 'serve',
      cause: expect.stringContaining('the gRPC server closed'),
      later: [],
    });
  });

  it.each([
    ['0 if the run succeeded', [], 0],
    ['1 if it failed, with the error in the log', ['close'], 1],
  ] as const)('exit: true ends the process with %s', async (_, fails, code) => {
    await start('microservice', { fails, run: { exit: true } });
    managed.signal('SIGTERM');
    expect(await managed.exited).toBe(code);
    expect(managed.output).not.toContain('RUN ');
    expect(managed.output.includes('ERROR [SidecarAgent] runSidecarApp failed in stage shutdown')).toBe(
      code === 1,
    );
  });
});
