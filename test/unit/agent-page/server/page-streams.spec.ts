import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PageStreams } from '../../../../lib/agent-page/server/page-streams.js';
import type { MomentView, PageState } from '../../../../lib/agent-page/view/page-state.js';
import { eventually } from '../../../support/eventually.js';

const LARGE = 24 * 1024 * 1024;
const moment = (id: number): MomentView => ({ id, count: 1, event: 'chaos', at: '', text: `moment ${id}` });

describe('PageStreams', () => {
  let server: Server;
  let streams: PageStreams;
  let snapshots = 0;

  async function start(drainedWithin?: number): Promise<void> {
    snapshots = 0;
    streams = new PageStreams(() => {
      snapshots += 1;
      // Only its size and number matter here.
      return { moments: [], text: 'x'.repeat(LARGE), number: snapshots } as unknown as PageState;
    }, drainedWithin);
    server = createServer((_, response) => streams.open(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = () =>
    new Promise<IncomingMessage>((resolve) => {
      get({ port: (server.address() as AddressInfo).port, agent: false }, resolve);
    });

  it('sends a page that reads slowly a new snapshot in place of what happened meanwhile', async () => {
    await start();
    const response = await open();
    for (let id = 1; id <= 1_000; id += 1) streams.send('moment', moment(id));
    expect([streams.isEmpty, snapshots]).toEqual([false, 1]);
    let text = '';
    response
      .setEncoding('utf8')
      .on('data', (part: string) => (text = text.slice(-2_000) + part.slice(-2_000)));
    await eventually(() => snapshots === 2 && text.includes('"number":2'), 10_000);
    streams.send('moment', moment(1_001));
    await eventually(() => text.includes('moment 1001'));
    response.destroy();
    await eventually(() => streams.isEmpty);
  });

  it('closes the stream of a page that does not read', async () => {
    await start(100);
    const response = await open();
    response.pause().on('error', () => undefined);
    await eventually(() => streams.isEmpty);
  });
});
