import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { countRequests } from '../../../lib/in-flight/counted-requests.js';
import { InFlightCalls } from '../../../lib/in-flight/in-flight-calls.js';
import { eventually } from '../../support/eventually.js';
import { ManualClock } from '../fixtures/manual-clock.js';

describe('countRequests', () => {
  const server = createServer();
  let calls: InFlightCalls;
  let answers: ServerResponse[];

  beforeEach(async () => {
    calls = new InFlightCalls(new ManualClock());
    answers = [];
    countRequests(server, calls, ['/health', '/api/metrics']);
    server.on('request', (_request, response) => answers.push(response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    server.removeAllListeners('request');
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function ask(path: string) {
    const { port } = server.address() as AddressInfo;
    const before = answers.length;
    const request = get({ host: '127.0.0.1', port, path });
    request.on('error', () => {}).on('response', (response) => response.resume());
    await eventually(() => answers.length > before);
    return request;
  }

  it('counts a request until it is answered', async () => {
    await ask('/books');
    expect(calls.count).toBe(1);
    answers[0]?.end('all');
    await eventually(() => calls.count === 0);
  });

  it('counts a request until its client hangs up', async () => {
    const request = await ask('/books');
    request.destroy();
    await eventually(() => calls.count === 0);
  });

  it.each([
    ['/books', 1],
    ['/books?isbn=1', 1],
    ['/health/details', 1],
    ['/Health', 1],
    ['/metrics', 1],
    ['/health', 0],
    ['/health?full', 0],
    ['/api/metrics', 0],
  ])('%s: arrivals %d, and in flight all the same', async (path, arrivals) => {
    await ask(path);
    expect(calls.arrivals.lastMinute().calls).toBe(arrivals);
    expect(calls.count).toBe(1);
  });

  it('ignores what is no server', () => {
    for (const other of [undefined, null, {}, 'server']) {
      expect(() => countRequests(other, calls, [])).not.toThrow();
    }
  });
});
