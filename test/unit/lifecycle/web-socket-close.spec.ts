import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WsAdapter } from '@nestjs/platform-ws';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sayGoingAway } from '../../../lib/lifecycle/web-socket-close.js';
import { ManualClock, watched } from '../fixtures/manual-clock.js';

describe('sayGoingAway', () => {
  let http: Server;
  let adapter: WsAdapter;
  let gateway: unknown;
  let clock: ManualClock;
  let client: Socket;

  /** A client that never answers the close is connected. */
  beforeEach(async () => {
    clock = new ManualClock();
    http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    adapter = new WsAdapter(http);
    gateway = adapter.create(0, {});
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const call = request({
      host: '127.0.0.1',
      port: (http.address() as AddressInfo).port,
      headers,
      agent: false,
    }).end();
    [, client] = (await once(call, 'upgrade')) as [unknown, Socket];
  });

  afterEach(() => {
    client.destroy();
    http.close();
  });

  it.each([
    ['for a second', 60_000, 1_000],
    ['for the rest of shutdownTimeout, if that is less', 300, 300],
    ['not at all, if no time is left', -5, 0],
  ])('waits for the answers of clients %s', async (_what, rest, wait) => {
    sayGoingAway(adapter, () => ({ clock, rest }));
    const told = once(client, 'data') as Promise<[Buffer]>;
    const closed = watched(adapter.close(gateway));
    if (wait > 0) {
      await clock.advance(wait - 1);
      expect(closed.settled).toBe(false);
    }
    await clock.advance(1);
    expect([closed.settled, clock.timers]).toEqual([true, 0]);
    // A close frame: its first two bytes, and the status 1001.
    const [frame] = await told;
    expect([frame[0], frame.readUInt16BE(2)]).toEqual([0x88, 1001]);
  });

  it('waits no longer than the clients need, and tells them once for several modules', async () => {
    for (let module = 0; module < 2; module += 1) sayGoingAway(adapter, () => ({ clock, rest: 60_000 }));
    const heard: Buffer[] = [];
    client.on('data', (bytes) => heard.push(bytes));
    // A close frame with the same status, under a mask of zeros.
    client.once('data', () => client.end(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9])));
    await adapter.close(gateway);
    expect([heard.length, clock.timers, clock.elapsed()]).toEqual([1, 0, 0]);
  });

  it('tells nothing before the service leaves', async () => {
    sayGoingAway(adapter, () => undefined);
    const ended = once(client, 'close');
    const heard: Buffer[] = [];
    client.on('data', (bytes) => heard.push(bytes));
    await adapter.close(gateway);
    await ended;
    expect([heard, clock.timers]).toEqual([[], 0]);
  });
});
