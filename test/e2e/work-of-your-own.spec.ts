import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent } from '../../lib/index.js';
import { EmbeddedAgent } from '../../lib/testing/index.js';
import {
  type AppShape,
  createGreeterApp,
  type GreeterApp,
  type GreeterOptions,
} from '../support/greeter-app.js';
import { GreeterClient } from '../support/greeter.js';
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

  describe.each<[string, AppShape, GreeterOptions, (port: number) => Promise<() => void>]>([
    ['a gRPC service', 'microservice', {}, holdCall],
    ['an HTTP service', 'hybrid, http first', { protocol: 'http' }, holdRequest],
  ])('of %s that takes longer than the grace period', (_what, shape, options, hold) => {
    let work: { end(): void };
    /** The port of the service. */
    let port: number;
    let began: number;

    /** Begins to close, and resolves when the service has left the mesh. */
    async function leave(
      more: GreeterOptions,
      prepare = () => Promise.resolve(),
    ): Promise<{ closed: Promise<void> }> {
      await greeter.app.close();
      greeter = await createGreeterApp(shape, { baseUrl: agent.url, ...options, ...more });
      await greeter.listen();
      sidecar = greeter.app.get(SidecarAgent);
      await sidecar.registered();
      work = sidecar.beacon();
      port = sidecar.node?.serverPort ?? 0;
      await prepare();
      began = performance.now();
      const closed = greeter.app.close();
      await statusWhere(greeter.app, ({ phase }) => phase === 'stopped');
      expect(posts().slice(-2)).toEqual(['/drain', '/deregister']);
      return { closed };
    }

    it('the service leaves the mesh, and the close waits', async () => {
      const { closed } = await leave({ gracePeriod: 100, shutdownTimeout: '30s' });
      const order: string[] = [];
      const noted = closed.then(() => order.push('closed'));
      await refusesConnections(port);
      await delay(150);
      order.push('work done');
      work.end();
      await noted;
      expect(order).toEqual(['work done', 'closed']);
      expect(greeter.logs.sidecar.join('\n')).not.toContain('Closed at');
    });

    it('the close waits until shutdownTimeout, and says what it leaves', async () => {
      const { closed } = await leave({ gracePeriod: 100, shutdownTimeout: 400, requestTimeout: 100 });
      await closed;
      const line = 'log Closed at shutdownTimeout, with calls or tasks still in flight: 1 SidecarAgent';
      expect(greeter.logs.sidecar).toContain(line);
    });

    it('the close has no more time if a connection held it up', async () => {
      const times = { gracePeriod: 1_200, shutdownTimeout: 2_600, requestTimeout: 200 };
      let release = () => {};
      const { closed } = await leave(times, async () => void (release = await hold(port)));
      await closed;
      release();
      // A close that begins a second after the leave would get the grace period.
      expect(performance.now() - began).toBeLessThan(times.shutdownTimeout + 1_000);
    });
  });
});

/** Begins a call that does not end. Returns what closes its client. */
async function holdCall(port: number): Promise<() => void> {
  const client = new GreeterClient(port);
  const stream = client.count('endless');
  stream.answer.catch(() => {});
  await stream.begun;
  return () => client.close();
}

/** Sends half a request. Returns what closes its connection. */
async function holdRequest(port: number): Promise<() => void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n');
  return () => socket.destroy();
}
