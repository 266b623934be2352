import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GreeterClient } from '../support/greeter.js';
import { postedPaths } from '../support/posted-paths.js';
import { ManagedProcess, type ManagedSettings } from './support/managed-process.js';

const HTTP = { listen: { port: 0, host: '127.0.0.1' } };
const GOODBYE = ['/register', '/drain', '/deregister'];

describe('a managed run', () => {
  let agent: EmbeddedAgent;
  let managed: ManagedProcess;
  let client: GreeterClient;
  let port: number;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    port = await freePort();
  });

  afterEach(async () => {
    client.close();
    await managed.kill();
    await agent.stop();
  });

  const posts = (of: EmbeddedAgent = agent) => postedPaths(of.requests());
  const serving = (of: EmbeddedAgent = agent) =>
    of.waitFor(() => of.services().some(({ state }) => state === 'Serving'), { timeout: 15_000 });

  function begin(shape: ManagedSettings['shape'], more: Partial<ManagedSettings> = {}): void {
    const run = shape === 'hybrid' ? { ...HTTP, ...more.run } : more.run;
    managed = new ManagedProcess({
      port,
      shape,
      ...more,
      run,
      sidecar: { baseUrl: agent.url, ...more.sidecar },
    });
    client = new GreeterClient(port);
  }

  async function start(shape: ManagedSettings['shape'], more: Partial<ManagedSettings> = {}): Promise<void> {
    begin(shape, more);
    await serving();
  }

  describe.each(['microservice', 'hybrid'] as const)('of a %s', (shape) => {
    describe.each([
      ['SIGTERM', () => managed.signal('SIGTERM')],
      ['SIGINT', () => managed.signal('SIGINT')],
      ['abortSignal', () => managed.order('abort')],
    ] as const)('ended by %s', (_, end) => {
      it('leaves before the first shutdown hook: a pool closed in onModuleDestroy serves the last calls', async () => {
        await start(shape);
        const held = client.greet('hold');
        agent.hang('/drain');
        end();
        await agent.waitFor(() => posts().includes('/drain'));
        await expect(client.greet('during the drain')).resolves.toBe('hello during the drain');
        expect(managed.output).not.toContain('POOL CLOSED');
        agent.resume('/drain');
        await agent.waitFor(() => agent.services().some(({ state }) => state === 'Draining'));
        agent.hang('/deregister');
        await expect(client.greet('release')).resolves.toBe('hello release');
        await expect(held).resolves.toBe('hello hold');
        await agent.waitFor(() => posts().includes('/deregister'));
        await expect(client.greet('before it is gone')).resolves.toBe('hello before it is gone');
        expect(managed.output).not.toContain('POOL CLOSED');
        agent.resume('/deregister');

        expect(await managed.exited).toBe(0);
        expect(posts()).toEqual(GOODBYE);
        expect(managed.milestones).toEqual(['POOL CLOSED', 'APPLICATION SHUT DOWN', 'RUN ENDED']);
        expect(managed.output).toContain('LISTENERS 0 0 0');
        expect(managed.output).not.toContain('enableShutdownHooks');
      });
    });

    it('ends if other code closes the application', async () => {
      await start(shape);
      managed.order('close');
      expect(await managed.exited).toBe(0);
      expect(posts()).toEqual(GOODBYE);
      expect(managed.milestones.filter((word) => word === 'POOL CLOSED')).toHaveLength(1);
      expect(managed.output).toContain('APPLICATION SHUT DOWN');
      expect(managed.output).toContain('RUN ENDED');
    });

    it('waits for a close that is under way at a signal, and runs no hook twice', async () => {
      await start(shape);
      agent.hang('/drain');
      managed.order('close');
      await agent.waitFor(() => posts().includes('/drain'));
      managed.signal('SIGTERM');
      await managed.printed('SIGTERM received');
      agent.resume('/drain');
      expect(await managed.exited).toBe(0);
      expect(posts()).toEqual(GOODBYE);
      expect(managed.milestones.filter((word) => word === 'POOL CLOSED')).toHaveLength(1);
      expect(managed.milestones.filter((word) => word === 'APPLICATION SHUT DOWN')).toHaveLength(1);
    });

    it('takes over the signals of enableShutdownHooks()', async () => {
      await start(shape, { hooks: true });
      agent.hang('/drain');
      managed.signal('SIGHUP');
      await agent.waitFor(() => posts().includes('/drain'));
      await expect(client.greet('during the drain')).resolves.toBe('hello during the drain');
      agent.resume('/drain');
      expect(await managed.exited).toBe(0);
      expect(managed.milestones).toEqual(['POOL CLOSED', 'APPLICATION SHUT DOWN', 'RUN ENDED']);
      expect(managed.output).toContain('LISTENERS 0 0 0');
    });

    it('is closed without a start if it is aborted before', async () => {
      begin(shape, { aborted: true });
      expect(await managed.exited).toBe(0);
      expect(posts()).toEqual([]);
      expect(managed.output).not.toContain('successfully started');
      expect(managed.output).toContain('RUN ENDED');
    });
  });

  it('leaves with every module of the application before it closes', async () => {
    const other = new EmbeddedAgent();
    await other.start();
    try {
      begin('microservice', { modules: [{}, { baseUrl: other.url, isGlobal: false }] });
      await Promise.all([serving(), serving(other)]);
      other.hang('/deregister');
      managed.signal('SIGTERM');
      await other.waitFor(() => posts(other).includes('/deregister'));
      await agent.waitFor(() => posts().includes('/deregister'));
      await expect(client.greet('the last')).resolves.toBe('hello the last');
      other.resume('/deregister');
      expect(await managed.exited).toBe(0);
      expect([posts(), posts(other)]).toEqual([GOODBYE, GOODBYE]);
    } finally {
      await other.stop();
    }
  });

  it('runs an application that is created already, with its own listen function', async () => {
    begin('hybrid', {
      source: 'value',
      listen: 'function',
      sidecar: { protocol: 'http', serverPort: port },
    });
    await managed.printed('successfully started');
    managed.signal('SIGTERM');
    expect(await managed.exited).toBe(0);
    expect(managed.output).toContain('RUN ENDED');
  });

  it('closes an application of which one server was closed manually', async () => {
    await start('hybrid', { tcp: true });
    managed.order('close tcp');
    await managed.printed('the TCP server is closed');
    await expect(client.greet('still here')).resolves.toBe('hello still here');
    managed.signal('SIGTERM');
    expect(await managed.exited).toBe(0);
    expect(posts()).toEqual(GOODBYE);
    expect(managed.milestones).toEqual(['POOL CLOSED', 'APPLICATION SHUT DOWN', 'RUN ENDED']);
  });

  it('runs an application whose module is of another copy of the package', async () => {
    const root = join(import.meta.dirname, '../..');
    // Beneath the tree, where its imports are found.
    const copy = await mkdtemp(join(root, 'test/managed-run/copy-'));
    try {
      await cp(join(root, 'dist'), copy, { recursive: true });
      await start('microservice', { package: join(copy, 'index.js') });
      managed.signal('SIGTERM');
      expect(await managed.exited).toBe(0);
      expect(posts()).toEqual(GOODBYE);
    } finally {
      await rm(copy, { recursive: true });
    }
  });

  it('handles the signals of its options', async () => {
    await start('microservice', { run: { signals: ['SIGUSR2'] } });
    managed.signal('SIGUSR2');
    expect(await managed.exited).toBe(0);
    expect(posts()).toEqual(GOODBYE);
  });

  it('does not wait for a start-up that waits for the registration', async () => {
    begin('microservice', { sidecar: { waitForRegistration: '10m', baseUrl: 'http://127.0.0.1:9' } });
    await managed.printed('[SidecarAgent]');
    managed.signal('SIGTERM');
    expect(await managed.exited).toBe(0);
    expect(managed.output).toContain('RUN ENDED');
  });

  it('runs an application whose module is disabled', async () => {
    begin('microservice', { sidecar: { enabled: false } });
    await managed.printed('successfully started');
    managed.signal('SIGTERM');
    expect(await managed.exited).toBe(0);
    expect(posts()).toEqual([]);
    expect(managed.milestones).toEqual(['POOL CLOSED', 'APPLICATION SHUT DOWN', 'RUN ENDED']);
  });

  it('ends if other code closes a microservice whose module is disabled', async () => {
    begin('microservice', { sidecar: { enabled: false } });
    await managed.printed('successfully started');
    managed.order('close');
    expect(await managed.exited).toBe(0);
    expect(managed.output).toContain('RUN ENDED');
  });

  describe('a second signal', () => {
    async function heldLeave(more: Partial<ManagedSettings> = {}): Promise<void> {
      await start('microservice', more);
      agent.hang('/drain');
      managed.signal('SIGINT', 'SIGTERM');
      await agent.waitFor(() => posts().includes('/drain'));
    }
    /** Longer than an echo takes. */
    const later = () => delay(1_100);

    it('is ignored if it comes at once, as an echo of the first', async () => {
      await heldLeave();
      agent.resume('/drain');
      expect(await managed.exited).toBe(0);
      expect(posts()).toEqual(GOODBYE);
    });

    it('ends the process at once if it comes later, with 128 + its number', async () => {
      await heldLeave();
      await later();
      managed.signal('SIGTERM');
      expect(await managed.exited).toBe(143);
      expect(managed.output).toMatch(/WARN \[SidecarAgent\] SIGTERM received again/);
      expect(managed.output).not.toContain('POOL CLOSED');
    });

    it('is ignored with secondSignal: ignore', async () => {
      await heldLeave({ run: { secondSignal: 'ignore' } });
      await later();
      managed.signal('SIGTERM');
      await expect(client.greet('still here')).resolves.toBe('hello still here');
      agent.resume('/drain');
      expect(await managed.exited).toBe(0);
    });
  });
});
