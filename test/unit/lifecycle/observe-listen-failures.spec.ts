import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { observeListenFailures } from '../../../lib/lifecycle/observe-listen-failures.js';

describe('observeListenFailures', () => {
  let server: Server;
  let taken: Server;
  let failures: unknown[];
  let adapter: { listen(port: number, host: string): unknown; getHttpServer(): unknown };

  beforeEach(async () => {
    failures = [];
    server = createServer();
    adapter = { listen: (port, host) => server.listen(port, host), getHttpServer: () => server };
    observeListenFailures(adapter, (failure) => failures.push(failure));
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
  });

  afterEach(() => {
    server.close();
    taken.close();
  });

  const takenPort = () => (taken.address() as AddressInfo).port;

  it('tells of a taken port, once, and leaves the error to the application', async () => {
    const failed = once(server, 'error');
    expect(adapter.listen(takenPort(), '127.0.0.1')).toBe(server);
    const [error] = (await failed) as [Error];
    expect(error.message).toContain('EADDRINUSE');
    expect(failures).toEqual([error]);
  });

  it('handles no error: one without a listener is still thrown', () => {
    const error = new Error('no file handle');
    expect(() => server.emit('error', error)).toThrow('no file handle');
    expect(failures).toEqual([error]);
  });

  it('tells of a port that is not valid, and throws the same error', () => {
    let thrown: unknown;
    try {
      adapter.listen(70_000, '127.0.0.1');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'ERR_SOCKET_BAD_PORT' });
    expect(failures).toEqual([thrown]);
  });

  it('tells nothing of a server that listens, nor after a second listen', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      const listening = once(server, 'listening');
      adapter.listen(0, '127.0.0.1');
      await listening;
      await new Promise((resolve) => server.close(resolve));
    }
    expect(failures).toEqual([]);
  });

  it.each([
    ['no object', undefined],
    ['no adapter', { listen: () => {} }],
  ])('ignores what is %s', (_what, other) => {
    expect(() => observeListenFailures(other, () => {})).not.toThrow();
  });

  it('ignores an adapter whose server emits no events', () => {
    const odd = { listen: () => 'listens', getHttpServer: () => ({}) };
    observeListenFailures(odd, () => {});
    expect(odd.listen()).toBe('listens');
  });
});
