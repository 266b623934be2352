import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { GreeterClient } from '../support/greeter.js';
import { postedPaths } from '../support/posted-paths.js';
import { ManagedProcess, type ManagedSettings } from '../managed-run/support/managed-process.js';

const GOODBYE = ['/register', '/drain', '/deregister'];
const AT_ONCE = ['/register', '/deregister'];
const CLEAN = 'RESTORED true 0 0 0 0';

describe('whatever ends the process', () => {
  let agent: EmbeddedAgent;
  let managed: ManagedProcess;
  let client: GreeterClient;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });

  afterEach(async () => {
    client.close();
    await managed.kill();
    await agent.stop();
  });

  const posts = () => postedPaths(agent.requests());

  async function start(more: Partial<ManagedSettings> = {}): Promise<void> {
    const port = await freePort();
    const sidecar = { baseUrl: agent.url, ...more.sidecar };
    managed = new ManagedProcess({ port, shape: 'microservice', ...more, sidecar });
    client = new GreeterClient(port);
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'), { timeout: 15_000 });
  }

  /** Starts it, and stops it in the middle of the drain. */
  async function startDrain(more: Partial<ManagedSettings> = {}): Promise<void> {
    await start(more);
    agent.hang('/drain');
    managed.signal('SIGTERM');
    await agent.waitFor(() => posts().includes('/drain'));
  }

  describe('a signal', () => {
    it.each(['SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const)('%s ends the run', async (signal) => {
      await start();
      managed.signal(signal);
      expect(await managed.exited).toBe(0);
      expect(posts()).toEqual(GOODBYE);
      expect(managed.milestones).toEqual(['POOL CLOSED', 'APPLICATION SHUT DOWN', 'RUN ENDED']);
      expect(managed.output).toContain(CLEAN);
    });

    it.each(['SIGABRT', 'SIGSEGV'] as const)('%s of a crash is left alone', async (signal) => {
      await start({ hooks: true });
      managed.signal(signal);
      expect(await managed.exited).toBe(signal);
      expect(posts()).toEqual(['/register']);
    });

    it("PM2's message ends the run", async () => {
      await start();
      managed.message('something else');
      managed.message('shutdown');
      expect(await managed.exited).toBe(0);
      expect(posts()).toEqual(GOODBYE);
      expect(managed.output).toContain('message "shutdown" received: leaving the mesh');
      expect(managed.output).toContain(CLEAN);
    });
  });

  describe.each([
    ['an uncaught exception', 'throw', 'Uncaught exception'],
    ['an unhandled rejection', 'reject', 'Unhandled rejection'],
  ] as const)('%s', (_, order, words) => {
    it('deregisters at once and ends with code 1; the log has the stack', async () => {
      await start();
      managed.order(order);
      expect(await managed.exited).toBe(1);
      expect(posts()).toEqual(AT_ONCE);
      const line = `${words}: boom. Deregistering at once, then exiting with code 1`;
      expect(managed.output).toContain(line);
      expect(managed.output).toMatch(/Error: boom\n +at .*managed-main\.mjs/);
      expect(managed.output).not.toContain('POOL CLOSED');
    });

    it('gives the calls in flight the rest of a second', async () => {
      await start();
      const held = client.greet('hold');
      await client.greet('before');
      managed.order(order);
      await agent.waitFor(() => posts().includes('/deregister'));
      await client.greet('release');
      await expect(held).resolves.toBe('hello hold');
      expect(await managed.exited).toBe(1);
      expect(managed.output).not.toContain('The time after a crash is over');
    });

    it('ends after a second, whatever is in flight', async () => {
      await start();
      const held = client.greet('hold').catch(() => 'cut off');
      await client.greet('before');
      agent.hang('/deregister');
      const at = performance.now();
      managed.order(order);
      expect(await managed.exited).toBe(1);
      const took = performance.now() - at;
      expect(took).toBeGreaterThan(900);
      expect(took).toBeLessThan(2_500);
      expect(await held).toBe('cut off');
      expect(managed.output).toContain('The time after a crash is over');
    });

    it('cuts a drain short', async () => {
      await startDrain();
      managed.order(order);
      expect(await managed.exited).toBe(1);
      expect(posts()).toEqual(GOODBYE);
    });

    it('is left to a listener of the application', async () => {
      const event = order === 'throw' ? 'uncaughtException' : 'unhandledRejection';
      await start({ listens: [event] });
      managed.order(order);
      await managed.printed(`OWN LISTENER of ${event}: boom`);
      await expect(client.greet('still here')).resolves.toBe('hello still here');
      expect(posts()).toEqual(['/register']);
      managed.signal('SIGTERM');
      expect(await managed.exited).toBe(0);
      expect(posts()).toEqual(GOODBYE);
      expect(managed.output).not.toContain(words);
      expect(managed.output).toContain(CLEAN);
    });

    it('is left to Node with handleCrashes: false', async () => {
      await start({ run: { handleCrashes: false } });
      managed.order(order);
      expect(await managed.exited).toBe(1);
      expect(posts()).toEqual(['/register']);
      expect(managed.output).not.toContain(words);
    });
  });

  it('an unhandled rejection is left to a listener for uncaught exceptions', async () => {
    await start({ listens: ['uncaughtException'] });
    managed.order('reject');
    await managed.printed('OWN LISTENER of uncaughtException: boom');
    await expect(client.greet('still here')).resolves.toBe('hello still here');
    expect(posts()).toEqual(['/register']);
  });

  describe('process.exit by other code, in the middle of the drain', () => {
    it.each([
      ['process.exit', 'exit 3', 3],
      ['exit, imported by name', 'imported exit 4', 4],
    ] as const)('%s returns, and its code is used at the end', async (_, order, code) => {
      await startDrain();
      managed.order(order);
      await managed.printed('EXIT RETURNED');
      const [line] = managed.output.split('\n').filter((each) => each.includes('Held until'));
      expect(line).toMatch(
        new RegExp(
          `WARN .*Held until the shutdown has ended: process\\.exit\\(${code}\\) at .*managed-main\\.mjs`,
        ),
      );
      await expect(client.greet('during the drain')).resolves.toBe('hello during the drain');
      agent.resume('/drain');
      expect(await managed.exited).toBe(code);
      expect(posts()).toEqual(GOODBYE);
      expect(managed.milestones).toEqual(['EXIT RETURNED', 'POOL CLOSED', 'APPLICATION SHUT DOWN']);
      expect(managed.output).toContain(CLEAN);
    });

    it.each(['later', 'at once'] as const)('a listener of SIGTERM that exits %s is held', async (exits) => {
      await startDrain({ exits });
      await managed.printed('process.exit(7)');
      await expect(client.greet('during the drain')).resolves.toBe('hello during the drain');
      agent.resume('/drain');
      expect(await managed.exited).toBe(7);
      expect(posts()).toEqual(GOODBYE);
    });

    it('a second call exits at once', async () => {
      await startDrain();
      managed.order('exit 3');
      await managed.printed('EXIT RETURNED');
      managed.order('imported exit 4');
      expect(await managed.exited).toBe(4);
      expect(posts()).toEqual(['/register', '/drain']);
      expect(managed.output).toContain('Exiting at once, calls in flight are cut off: process.exit(4)');
      expect(managed.milestones).toEqual(['EXIT RETURNED']);
    });

    it('a second signal exits at once', async () => {
      await startDrain();
      managed.order('exit 3');
      await managed.printed('EXIT RETURNED');
      await delay(1_100);
      managed.signal('SIGTERM');
      expect(await managed.exited).toBe(143);
      expect(posts()).toEqual(['/register', '/drain']);
    });

    it('a process that kills itself is held, too', async () => {
      await startDrain();
      await delay(1_100);
      managed.order('kill itself');
      await managed.printed('KILL RETURNED');
      agent.resume('/drain');
      expect(await managed.exited).toBe('SIGUSR2');
      expect(posts()).toEqual(GOODBYE);
    });

    it('the log has the failure of the run', async () => {
      await startDrain({ fails: ['close'] });
      managed.order('exit 3');
      await managed.printed('EXIT RETURNED');
      agent.resume('/drain');
      expect(await managed.exited).toBe(3);
      expect(managed.output).toContain(
        'ERROR [SidecarAgent] runSidecarApp failed in stage shutdown: close fails',
      );
    });

    it('is held after SidecarAgent.shutdown() by hand', async () => {
      await start();
      managed.order('shutdown, exit 3');
      expect(await managed.exited).toBe(3);
      expect(posts()).toEqual(GOODBYE);
    });

    it('is not held with holdProcessExit: false', async () => {
      await startDrain({ sidecar: { holdProcessExit: false } });
      managed.order('exit 3');
      expect(await managed.exited).toBe(3);
      expect(posts()).toEqual(['/register', '/drain']);
    });

    it('is not held before a shutdown', async () => {
      await start();
      managed.order('exit 3');
      expect(await managed.exited).toBe(3);
      expect(posts()).toEqual(['/register']);
    });
  });

  describe('process.exit without a managed run', () => {
    it('ends the process by default', async () => {
      await startDrain({ plain: true });
      managed.order('exit 3');
      expect(await managed.exited).toBe(3);
      expect(posts()).toEqual(['/register', '/drain']);
    });

    const held = { plain: true, sidecar: { holdProcessExit: true } } as const;

    it('is held with holdProcessExit until the service has left', async () => {
      await startDrain(held);
      managed.order('imported exit 4');
      await managed.printed('EXIT RETURNED');
      expect(await Promise.race([managed.exited, delay(200, 'alive')])).toBe('alive');
      agent.resume('/drain');
      expect(await managed.exited).toBe(4);
      expect(posts()).toEqual(GOODBYE);
      expect(managed.output).toContain(CLEAN);
    });

    it('a second call exits at once', async () => {
      await startDrain(held);
      managed.order('imported exit 4');
      await managed.printed('EXIT RETURNED');
      managed.order('exit 3');
      expect(await managed.exited).toBe(3);
      expect(posts()).toEqual(['/register', '/drain']);
    });

    it('a second signal exits at once, but no echo of the first', async () => {
      await startDrain(held);
      managed.order('exit 3');
      await managed.printed('EXIT RETURNED');
      managed.signal('SIGTERM');
      expect(await Promise.race([managed.exited, delay(200, 'alive')])).toBe('alive');
      await delay(1_100);
      managed.signal('SIGTERM');
      expect(await managed.exited).toBe(143);
      expect(posts()).toEqual(['/register', '/drain']);
    });
  });
});
