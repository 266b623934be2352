import type { Socket } from 'node:net';
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
