import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AgentPool } from '../../../../lib/agent/client/agent-pool.js';
import { completeEndpoint } from '../../../../lib/options/agent-endpoint.js';
import { SystemClock } from '../../../../lib/support/timing/sidecar-clock.js';
import { answer, ScriptedAgent } from '../../../support/scripted-agent.js';
import { ManualClock } from '../../fixtures/manual-clock.js';

describe('AgentPool', () => {
  let agent: ScriptedAgent;
  let pool: AgentPool;

  beforeEach(async () => {
    agent = await new ScriptedAgent({
      '/now': (socket) => void socket.write(answer(200, '"now"')),
      '/never': () => {},
    }).listen();
    pool = new AgentPool(completeEndpoint({ baseUrl: agent.url }), 2_000, new SystemClock());
  });

  afterEach(async () => {
    await pool.close();
    await agent.close();
  });

  it.each(['GET', 'POST', 'PUT'] as const)(
    'sends %s, and the type of a body if it has one',
    async (method) => {
      const body = Buffer.from('{}');
      expect(await pool.send({ method, path: '/now' }, 2_000)).toMatchObject({
        statusCode: 200,
        body: '"now"',
      });
      if (method !== 'GET') await pool.send({ method, path: '/now', body }, 2_000);
      const [bare, full] = agent.requests;
      expect(bare).toMatchObject({ method, body: '' });
      expect(bare?.headers).toMatchObject({ accept: 'application/json' });
      expect(bare?.headers).not.toHaveProperty('content-type');
      if (method === 'GET') return;
      expect(full).toMatchObject({ method, body: '{}', headers: { 'content-type': 'application/json' } });
    },
  );

  it('ends a call at once that is aborted, with its connection, and no other call', async () => {
    const clock = new ManualClock();
    const sockets: Socket[] = [];
    const keep = (socket: Socket) => void sockets.push(socket);
    agent.scripts = { '/first': keep, '/second': keep };
    await pool.close();
    pool = new AgentPool(completeEndpoint({ baseUrl: agent.url }), 2_000, clock);
    const other = pool.send({ method: 'GET', path: '/first' }, 300);
    await agent.until(() => sockets.length === 1);
    const stop = new AbortController();
    const call = pool.send({ method: 'GET', path: '/second' }, 60_000, stop.signal);
    await agent.until(() => sockets.length === 2);
    stop.abort();
    await expect(call).rejects.toMatchObject({
      kind: 'sidecar_connection',
      code: 'ABORT_ERR',
      message: `the call GET /second was ended before the sidecar-agent at ${agent.url} answered`,
    });
    await agent.until(() => sockets[1]?.closed === true);
    expect(sockets[0]?.closed).toBe(false);
    const late = expect(other).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: `the sidecar-agent at ${agent.url} did not answer GET /first within 300 ms`,
    });
    await clock.advance(300);
    await late;
  });

  it('sends nothing of a call that is aborted before', async () => {
    const call = pool.send({ method: 'GET', path: '/now' }, 2_000, AbortSignal.abort());
    await expect(call).rejects.toMatchObject({ code: 'ABORT_ERR' });
    await pool.send({ method: 'PUT', path: '/now' }, 2_000);
    expect(agent.requests.map(({ method }) => method)).toEqual(['PUT']);
  });

  it.each([
    [2_000, 'within 2000 ms (option requestTimeout)'],
    [6_000, 'within 6000 ms (3 times the option requestTimeout)'],
    [3_000, 'within 3000 ms'],
  ])('says of a call without an answer in %i ms how long that is', async (timeout, words) => {
    const clock = new ManualClock();
    await pool.close();
    pool = new AgentPool(completeEndpoint({ baseUrl: agent.url }), 2_000, clock);
    const call = expect(pool.send({ method: 'GET', path: '/never' }, timeout)).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: `the sidecar-agent at ${agent.url} did not answer GET /never ${words}`,
    });
    await agent.until(() => agent.requests.length === 1);
    await clock.advance(timeout);
    await call;
  });

  describe('if the body of an answer is cut', () => {
    const cut = (status: number) => {
      const head = `HTTP/1.1 ${status} Scripted\r\nretry-after: 7\r\ncontent-length: 100\r\n\r\nhalf`;
      agent.scripts = { '/cut': (socket) => void socket.end(head) };
      return pool.send({ method: 'GET', path: '/cut' }, 2_000);
    };

    it.each([200, 299])('fails with %i', async (status) => {
      await expect(cut(status)).rejects.toMatchObject({ kind: 'sidecar_connection' });
    });

    it.each([
      [300, undefined],
      [503, 7_000],
    ])('takes %i alone for the answer', async (statusCode, retryAfter) => {
      expect(await cut(statusCode)).toEqual({ statusCode, body: '', retryAfter });
    });
  });

  it('leaves out a body that is encoded, and says how', async () => {
    const gzip = answer(400, 'bytes', { 'content-encoding': 'gzip' });
    agent.scripts = { '/encoded': (socket) => void socket.write(gzip) };
    const taken = await pool.send({ method: 'GET', path: '/encoded' }, 2_000);
    expect(taken).toMatchObject({ statusCode: 400, body: '', encoding: 'gzip' });
  });

  it('does not repeat a call that was answered on a kept connection, though not in HTTP', async () => {
    const of: (Socket | undefined)[] = [];
    agent.scripts = {
      '/now': (socket) => {
        of.push(socket);
        socket.write(answer(200, '"now"'));
      },
      '/odd': (socket) => {
        of.push(socket);
        socket.end('no HTTP\r\n\r\n');
      },
    };
    await pool.send({ method: 'GET', path: '/now' }, 2_000);
    // By then the connection is idle again.
    await setImmediate();
    const call = pool.send({ method: 'GET', path: '/odd' }, 2_000);
    await expect(call).rejects.toMatchObject({ kind: 'sidecar_connection' });
    expect(of).toHaveLength(2);
    expect(of[1]).toBe(of[0]);
  });

  it('ends what is in flight, and its connection, when it is closed', async () => {
    const call = expect(pool.send({ method: 'GET', path: '/never' }, 60_000)).rejects.toMatchObject({
      kind: 'sidecar_connection',
    });
    await agent.until(() => agent.requests.length === 1);
    await pool.close();
    await call;
    await agent.until(() => agent.open === 0);
  });

  it('leaves no listener at the signal', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(signal, args);
    };
    await pool.send({ method: 'GET', path: '/now' }, 2_000, signal);
    expect(listeners).toBe(0);
  });
});
