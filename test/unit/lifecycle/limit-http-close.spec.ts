import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { limitHttpClose } from '../../../lib/lifecycle/limit-http-close.js';
import { OpenConnections } from '../../../lib/lifecycle/open-connections.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

describe('limitHttpClose', () => {
  let server: Server;
  let connections: OpenConnections;
  let clock: ManualClock;
  let adapter: { close(): Promise<void> };

  beforeEach(async () => {
    clock = new ManualClock();
    // Every answer is an event stream that never ends.
    server = createServer((_request, response) => void response.write('tick'));
    connections = new OpenConnections();
    connections.follow(server);
    adapter = { close: () => new Promise((resolve) => server.close(() => resolve())) };
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    connections.cut();
    server.close();
  });

  /** Limits the close, as a module does that has so many milliseconds left. */
  function limitTo(rest: number): void {
    limitHttpClose(adapter, connections, () => ({ clock, rest }));
  }

  /** Opens an event stream, and returns what tells whether it was cut. */
  async function openStream(): Promise<{ readonly cut: Promise<unknown> }> {
    const request = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, agent: false });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    await once(answer, 'data');
    return { cut: once(answer, 'error') };
  }

  it('cuts what is open at the bound, not before', async () => {
    limitTo(1_000);
    const { cut } = await openStream();
    const closed = adapter.close();
    const wait = watched(closed);
    await clock.advance(999);
    expect([wait.settled, connections.count]).toEqual([false, 1]);
    await clock.advance(1);
    await Promise.all([cut, closed]);
  });

  it('cuts at once if no time is left', async () => {
    limitTo(-5);
    const { cut } = await openStream();
    const closed = adapter.close();
    await clock.advance(0);
    await Promise.all([cut, closed]);
  });

  it.each([
    ['first', [5_000, 1_000]],
    ['last', [1_000, 5_000]],
    ['between', [1_000, 5_000, 2_000]],
  ])('gives several modules the longest of their bounds (%s)', async (_place, rests) => {
    rests.forEach(limitTo);
    const { cut } = await openStream();
    const closed = adapter.close();
    const wait = watched(closed);
    await clock.advance(4_999);
    expect([wait.settled, clock.timers]).toEqual([false, 1]);
    await clock.advance(1);
    await Promise.all([cut, closed]);
  });

  it('does not limit a close that is not part of a shutdown', async () => {
    limitHttpClose(adapter, connections, () => undefined);
    await openStream();
    const wait = watched(adapter.close());
    await clock.advance(600_000);
    expect([wait.settled, clock.timers, connections.count]).toEqual([false, 0, 1]);
  });

  it('leaves no timer behind, which would keep the process alive', async () => {
    limitTo(1_000);
    await adapter.close();
    expect(clock.timers).toBe(0);
  });

  it('leaves no timer behind if the close fails', async () => {
    limitTo(1_000);
    await adapter.close();
    adapter = { close: () => Promise.reject(new Error('no close')) };
    limitTo(1_000);
    await expect(adapter.close()).rejects.toThrow('no close');
    expect(clock.timers).toBe(0);
  });

  it('limits each close of a server that listens again', async () => {
    limitTo(1_000);
    await adapter.close();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { cut } = await openStream();
    const closed = adapter.close();
    await clock.advance(1_000);
    await Promise.all([cut, closed]);
  });

  it('leaves an adapter without a close as it is', () => {
    const other = { listen: () => {} };
    limitHttpClose(other, connections, () => undefined);
    expect(Reflect.ownKeys(other)).toEqual(['listen']);
  });
});
