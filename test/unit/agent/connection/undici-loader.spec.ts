import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadUndici } from '../../../../lib/agent/connection/undici-loader.js';
import { requireUndici, requireUndiciFiles } from '../../../../lib/support/late-packages.cjs';

const installed = { requireUndiciFiles, requireUndici };

/** An undici of which one file exports something else. */
const having = (changed: Partial<ReturnType<typeof requireUndiciFiles>>) => ({
  requireUndiciFiles: () => ({ ...requireUndiciFiles(), ...changed }),
  requireUndici,
});

const withoutFiles = {
  requireUndiciFiles: () => {
    throw new Error("Cannot find module 'undici/lib/dispatcher/client.js'");
  },
  requireUndici,
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
    ['its files', installed],
    ['all of undici if a file is missing', withoutFiles],
    ['all of undici if a file exports something else', having({ Pool: {} })],
    [
      'all of undici if the request function is not the export itself',
      having({ request: { request: () => {} } }),
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

  it('loads no more than its files if they are as expected', () => {
    const requireUndici = () => {
      throw new Error('all of undici was loaded');
    };
    expect(loadUndici({ requireUndiciFiles, requireUndici })).toHaveProperty('Pool');
  });

  it('loads files that exist, and the same classes as all of undici', async () => {
    const [parts, whole] = [loadUndici(), await import('undici')];
    expect(parts.request).not.toBe(loadUndici(withoutFiles).request);
    expect(new parts.Client(origin)).toBeInstanceOf(whole.Client);
  });
});
