import { once } from 'node:events';
import { connect as connectHttp2, createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenConnections } from '../../../lib/lifecycle/open-connections.js';
import { eventually } from '../../support/eventually.js';

describe('OpenConnections of an HTTP/2 server', () => {
  let server: Http2Server;
  let connections: OpenConnections;

  beforeEach(async () => {
    server = createServer();
    connections = new OpenConnections();
    connections.follow(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    connections.cut();
    server.close();
  });

  async function connect() {
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    session.on('error', () => {});
    const accepted = once(server, 'session');
    await Promise.all([once(session, 'connect'), accepted]);
    return session;
  }

  it('ends an idle session with GOAWAY, and lets an open request finish', async () => {
    const [idle, busy] = [await connect(), await connect()];
    server.on('stream', (stream) => setImmediate(() => stream.end('done')));
    const request = busy.request();
    const goaway = once(idle, 'goaway');
    await once(server, 'stream');
    connections.endSessions();
    await goaway;
    const answer = await request.setEncoding('utf8').toArray();
    expect(answer.join('')).toBe('done');
    for (const session of [idle, busy]) if (!session.closed) await once(session, 'close');
  });

  it('cuts sessions whose requests never end', async () => {
    const session = await connect();
    const request = session.request();
    request.on('error', () => {});
    await once(server, 'stream');
    const closed = once(session, 'close');
    connections.endSessions();
    expect(connections.count).toBe(1);
    connections.cut();
    await closed;
  });

  it('forgets a connection that is closed', async () => {
    const session = await connect();
    expect(connections.count).toBe(1);
    const other = await connect();
    expect(connections.count).toBe(2);
    session.destroy();
    await eventually(() => connections.count === 1);
    other.destroy();
    await eventually(() => connections.count === 0);
  });
});
