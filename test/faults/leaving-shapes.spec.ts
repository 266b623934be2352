import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { APP_SHAPES, type AppShape } from '../support/greeter-app.js';
import { GreeterClient } from '../support/greeter.js';
import { GreeterProcess, type GreeterSettings } from '../support/greeter-process.js';

/** How the end begins: a signal, or `app.close()` in a process without shutdown hooks. */
type Ending = 'SIGTERM' | 'SIGINT' | 'close()';

describe('leaving', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterProcess;
  let client: GreeterClient;
  let port: number;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    port = await freePort();
  });

  afterEach(async () => {
    client.close();
    await greeter.kill();
    await agent.stop();
  });

  const posts = (path?: string) =>
    agent.requests().filter((request) => request.method === 'POST' && (!path || request.path === path));
  const paths = () => posts().map(({ path }) => path);

  async function start(shape: AppShape, ending: Ending, more: Partial<GreeterSettings> = {}): Promise<void> {
    greeter = new GreeterProcess({
      port,
      shape,
      signals: ending !== 'close()',
      ...more,
      sidecar: { baseUrl: agent.url, ...more.sidecar },
    });
    client = new GreeterClient(port);
    await greeter.printed('LISTENING');
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
  }

  function end(ending: Ending): void {
    if (ending === 'close()') greeter.endInput();
    else greeter.signal(ending);
  }

  describe.each(APP_SHAPES)('a %s', (shape) => {
    describe.each<Ending>(['SIGTERM', 'SIGINT', 'close()'])('at %s', (ending) => {
      it('drains and deregisters with the port open, and finishes what is in flight', async () => {
        await start(shape, ending);
        const unary = client.greet('hold');
        const stream = client.count('stream');
        await stream.begun;
        agent.hang('/drain');
        end(ending);

        await agent.waitFor(() => posts('/drain').length === 1);
        await expect(client.greet('during the drain')).resolves.toBe('hello during the drain');
        agent.resume('/drain');
        await agent.waitFor(() => agent.services().some(({ state }) => state === 'Draining'));
        expect(paths()).toEqual(['/register', '/drain']);
        agent.hang('/deregister');
        await expect(client.greet('release')).resolves.toBe('hello release');
        await expect(unary).resolves.toBe('hello hold');
        await expect(stream.answer).resolves.toEqual(['stream 1', 'stream 2']);

        await agent.waitFor(() => posts('/deregister').length === 1);
        await expect(client.greet('before it is gone')).resolves.toBe('hello before it is gone');
        agent.resume('/deregister');
        expect(await greeter.exited).toBe(0);
        expect(paths()).toEqual(['/register', '/drain', '/deregister']);
      });
    });
  });

  it('is done once, however often it is asked for', async () => {
    await start('microservice', 'SIGTERM');
    agent.hang('/drain');
    greeter.signal('SIGTERM');
    await agent.waitFor(() => posts('/drain').length === 1);
    greeter.signal('SIGTERM');
    greeter.signal('SIGINT');
    agent.resume('/drain');
    expect(await greeter.exited).toBe(0);
    expect(paths()).toEqual(['/register', '/drain', '/deregister']);
  });

  it('registers no more: not when the agent comes back meanwhile', async () => {
    await start('microservice', 'SIGTERM');
    const held = client.greet('hold');
    // Behind the first on the same connection: with its answer that one is in flight.
    await client.greet('another');
    greeter.signal('SIGTERM');
    await agent.waitFor(() => posts('/drain').length === 1);
    await agent.restart();
    await agent.waitFor(() => agent.watchers === 1);
    await client.greet('release');
    await held;
    expect(await greeter.exited).toBe(0);
    expect(paths()).toEqual(['/register', '/drain', '/deregister']);
  });

  it('waits for a register in flight, and deregisters after it', async () => {
    await start('microservice', 'SIGTERM');
    agent.hang('/register');
    agent.dropStreams();
    await agent.waitFor(() => posts('/register').length === 2);
    greeter.signal('SIGTERM');
    await greeter.printed('Leaving the mesh');
    expect(paths()).toEqual(['/register', '/register']);
    agent.resume('/register');
    expect(await greeter.exited).toBe(0);
    expect(paths()).toEqual(['/register', '/register', '/drain', '/deregister']);
    expect(agent.services().every(({ state }) => state === 'Deregistered')).toBe(true);
  });

  it('deregisters if the drain fails', async () => {
    await start('microservice', 'SIGTERM');
    agent.failNext('/drain', { status: 500 });
    greeter.signal('SIGTERM');
    expect(await greeter.exited).toBe(0);
    expect(paths()).toEqual(['/register', '/drain', '/deregister']);
    expect(greeter.output).toContain('POST /drain answered 500');
  });

  it('takes an instance that the agent does not know as done', async () => {
    await start('microservice', 'SIGTERM', {
      sidecar: { reconnectInterval: '1m', maxReconnectInterval: '1m' },
    });
    await agent.restart();
    greeter.signal('SIGTERM');
    expect(await greeter.exited).toBe(0);
    expect(posts().map(({ path, status }) => [path, status])).toEqual([
      ['/register', 200],
      ['/drain', 400],
      ['/deregister', 400],
    ]);
    expect(greeter.output).toContain('treated as done');
  });

  it('finishes calls in flight if there was no agent to register with', async () => {
    await agent.stop();
    greeter = new GreeterProcess({ port, shape: 'microservice', sidecar: { baseUrl: agent.url } });
    client = new GreeterClient(port);
    await greeter.printed('reconnecting');
    const stream = client.count('stream');
    await stream.begun;
    greeter.signal('SIGTERM');
    await expect(client.greet('release')).resolves.toBe('hello release');
    await expect(stream.answer).resolves.toEqual(['stream 1', 'stream 2']);
    expect(await greeter.exited).toBe(0);
  });

  it('skips drain and wait without a grace period', async () => {
    await start('microservice', 'SIGTERM', { sidecar: { gracePeriod: '' } });
    const held = client.greet('hold');
    const cut = expect(held).rejects.toThrow();
    await client.greet('another');
    greeter.signal('SIGTERM');
    expect(await greeter.exited).toBe(0);
    await cut;
    expect(paths()).toEqual(['/register', '/deregister']);
  });

  describe('bounds', () => {
    const bounded = { requestTimeout: 300, gracePeriod: 400, shutdownTimeout: 1_000 };

    async function timed<T>(work: Promise<T>): Promise<{ result: T; took: number }> {
      const began = performance.now();
      return { result: await work, took: performance.now() - began };
    }

    it('are kept if the agent hangs', async () => {
      await start('microservice', 'SIGTERM', { sidecar: bounded });
      agent.hang('/drain');
      agent.hang('/deregister');
      greeter.signal('SIGTERM');
      const { result, took } = await timed(greeter.exited);
      expect(result).toBe(0);
      // The deregister is repeated as often as it fits.
      expect([...new Set(paths())]).toEqual(['/register', '/drain', '/deregister']);
      expect(took).toBeLessThan(3_000);
    });

    it('are kept if the agent is gone', async () => {
      await start('microservice', 'SIGTERM', { sidecar: bounded });
      await agent.stop();
      greeter.signal('SIGTERM');
      expect(await greeter.exited).toBe(0);
    });

    it('end with one warning if the agent is gone', async () => {
      await start('microservice', 'SIGTERM');
      await agent.stop();
      greeter.signal('SIGTERM');
      expect(await greeter.exited).toBe(0);
      const [, left = ''] = greeter.output.split('Leaving the mesh');
      const warnings = left.split('\n').filter((line) => line.includes('WARN'));
      expect(warnings).toEqual([
        expect.stringMatching(
          /Not deregistered after \d+ failed tries: the agent may still list greeter\. The last error: cannot reach the sidecar-agent at .*\(ECONNREFUSED\)/,
        ),
      ]);
    });

    it('are kept if no register was ever sent', async () => {
      await agent.stop();
      greeter = new GreeterProcess({ port, shape: 'microservice', sidecar: { baseUrl: agent.url } });
      client = new GreeterClient(port);
      await greeter.printed('reconnecting');
      greeter.signal('SIGTERM');
      expect(await greeter.exited).toBe(0);
      expect(greeter.output).not.toContain('Leaving');
    });

    it.each([true, false])(
      'are kept by a stream that never ends (gracefulShutdown: %s)',
      async (gracefulShutdown) => {
        await start('microservice', 'SIGTERM', { sidecar: bounded, grpc: { gracefulShutdown } });
        const stream = client.count('endless');
        await stream.begun;
        const cut = expect(stream.answer).rejects.toThrow();
        greeter.signal('SIGTERM');
        expect(await greeter.exited).toBe(0);
        await cut;
        expect(paths()).toEqual(['/register', '/drain', '/deregister']);
      },
    );
  });

  it.each(APP_SHAPES)('leaves nothing that keeps the process alive (%s)', async (shape) => {
    await start(shape, 'close()');
    greeter.endInput();
    await greeter.printed('CLOSED');
    expect(await greeter.exited).toBe(0);
  });
});
