import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import {
  type AppShape,
  createGreeterApp,
  type GreeterApp,
  type GreeterOptions,
} from '../support/greeter-app.js';
import { statusWhere } from '../support/status-where.js';
import { refusesConnections } from '../support/refuses-connections.js';
import { postedPaths } from '../support/posted-paths.js';

describe('work that your code counts', () => {
  let agent: EmbeddedAgent;
  let greeter: GreeterApp;
  let sidecar: SidecarAgent;

  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url });
    await greeter.listen();
    await agent.waitFor(() => agent.services().some(({ state }) => state === 'Serving'));
    sidecar = greeter.app.get(SidecarAgent);
  });

  afterEach(async () => {
    await greeter.app.close();
    await agent.stop();
  });

  const posts = () => postedPaths(agent.requests());

  /** Closes the application, and waits until only the work holds it up. */
  async function close(): Promise<{ closed: Promise<void> }> {
    const closed = greeter.app.close();
    await statusWhere(greeter.app, ({ state }) => state === 'Draining');
    // A second exchange with the agent gives a leave that does not wait the time to go on.
    await fetch(`${agent.url}/services`).catch(() => {});
    expect(posts()).toEqual(['/register', '/drain']);
    return { closed };
  }

  it.each<[how: string, end: (beacon: ReturnType<SidecarAgent['beacon']>) => void]>([
    ['end()', (beacon) => beacon.end()],
    ['Symbol.dispose', (beacon) => beacon[Symbol.dispose]()],
  ])('a beacon is waited for until %s', async (_how, end) => {
    const [first, second] = [sidecar.beacon(), sidecar.beacon()];
    expect(sidecar.status().inFlight).toBe(2);
    end(first);
    end(first);
    first.end();
    expect(sidecar.status().inFlight).toBe(1);
    const { closed } = await close();
    end(second);
    await closed;
    expect(sidecar.status().inFlight).toBe(0);
    expect(posts()).toEqual(['/register', '/drain', '/deregister']);
  });

  it('a promise is waited for until it resolves', async () => {
    let finish: (value: string) => void = () => {};
    const tracked = sidecar.track(new Promise<string>((resolve) => (finish = resolve)));
    expect(sidecar.status().inFlight).toBe(1);
    const { closed } = await close();
    finish('done');
    await expect(tracked).resolves.toBe('done');
    await closed;
    expect(posts()).toEqual(['/register', '/drain', '/deregister']);
  });

  it('a promise is waited for until it rejects', async () => {
    let fail: (reason: Error) => void = () => {};
    const tracked = sidecar.track(new Promise<void>((_resolve, reject) => (fail = reject)));
    const failure = expect(tracked).rejects.toThrow('no paper');
    const { closed } = await close();
    fail(new Error('no paper'));
    await failure;
    expect(sidecar.status().inFlight).toBe(0);
    await closed;
    expect(posts()).toEqual(['/register', '/drain', '/deregister']);
  });

  describe.each<[string, AppShape, GreeterOptions]>([
    ['a gRPC service', 'microservice', {}],
    ['an HTTP service', 'hybrid, http first', { protocol: 'http' }],
  ])('of %s that takes longer than the grace period', (_what, shape, options) => {
    let work: { end(): void };
    /** The port of the service. */
    let port: number;

    /** Begins to close, and resolves when the service has left the mesh. */
    async function leave(more: GreeterOptions): Promise<{ closed: Promise<void>; isClosed: () => boolean }> {
      await greeter.app.close();
      greeter = await createGreeterApp(shape, { baseUrl: agent.url, ...options, ...more });
      await greeter.listen();
      sidecar = greeter.app.get(SidecarAgent);
      await sidecar.registered();
      work = sidecar.beacon();
      port = sidecar.node?.serverPort ?? 0;
      let isClosed = false;
      const closed = greeter.app.close().then(() => void (isClosed = true));
      await statusWhere(greeter.app, ({ phase }) => phase === 'stopped');
      expect(posts().slice(-2)).toEqual(['/drain', '/deregister']);
      return { closed, isClosed: () => isClosed };
    }

    it('the service leaves the mesh, and the close waits', async () => {
      const { closed, isClosed } = await leave({ gracePeriod: 100, shutdownTimeout: '30s' });
      await refusesConnections(port);
      await fetch(`${agent.url}/services`);
      expect(isClosed()).toBe(false);
      work.end();
      await closed;
      expect(greeter.logs.sidecar.join('\n')).not.toContain('Closed at');
    });

    it('the close waits until shutdownTimeout, and says what it leaves', async () => {
      const { closed } = await leave({ gracePeriod: 100, shutdownTimeout: 400, requestTimeout: 100 });
      await closed;
      const line = 'log Closed at shutdownTimeout, with calls or tasks still in flight: 1 SidecarAgent';
      expect(greeter.logs.sidecar).toContain(line);
    });
  });
});
