import { createRequire } from 'node:module';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadUndici } from '../../../../lib/agent/connection/undici-loader.js';

const requirePart = createRequire(import.meta.url);

/** Throws for the path that ends like this, or loads `instead` in its place. */
const without = (ending: string, instead?: unknown) => (path: string) => {
  if (!path.endsWith(ending)) return requirePart(path) as unknown;
  if (instead === undefined) throw new Error(`Cannot find module '${path}'`);
  return instead;
};

describe('loadUndici', () => {
  let server: Server;
  let origin: string;

  beforeEach(async () => {
    server = createServer((_request, answer) => void answer.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });

  afterEach(() => void server.close());

  it.each([
    ['its files', requirePart],
    ['all of undici if a file is missing', without('client.js')],
    ['all of undici if the file that is loaded last is missing', without('api-request.js')],
    ['all of undici if a file exports something else', without('pool.js', {})],
    [
      'all of undici if the request function is not the export itself',
      without('api-request.js', { request: () => {} }),
    ],
  ])('sends requests with %s', async (_what, load) => {
    const { Client, Pool, buildConnector, request } = loadUndici(load);
    for (const Dispatcher of [Client, Pool]) {
      const dispatcher = new Dispatcher(origin, { connect: buildConnector({}) });
      const { statusCode, body } = await request(dispatcher, { method: 'GET', path: '/' });
      expect([statusCode, await body.text()]).toEqual([200, 'hello']);
      await dispatcher.close();
    }
  });

  it('loads files that exist, and the same classes as all of undici', async () => {
    const [parts, whole] = [loadUndici(), await import('undici')];
    expect(parts.request).not.toBe(loadUndici(without('pool.js')).request);
    expect(new parts.Client(origin)).toBeInstanceOf(whole.Client);
  });
});
