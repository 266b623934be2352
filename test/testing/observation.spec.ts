import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { AgentEvents } from '../../lib/testing/server/agent-events.js';
import { EmbeddedAgent, EmbeddedAgentError } from '../../lib/testing/index.js';
import type { AgentRequest } from '../../lib/testing/index.js';
import { RequestLog } from '../../lib/testing/server/request-log.js';
import { nodeRegister } from './support/bodies.js';
import { get, post } from './support/http.js';

const PORT = 9;

describe('EmbeddedAgent under observation', () => {
  let agent: EmbeddedAgent;
  beforeEach(async () => {
    agent = new EmbeddedAgent();
    await agent.start();
  });
  afterEach(() => agent.stop());

  describe('requests', () => {
    it('keeps each byte for byte, with what was made of it', async () => {
      const rawBody = ` {"app" :{},"äöü€":"\\u00e4"}\n`;
      const before = Date.now();
      await post(`${agent.url}/register?x=1`, rawBody);
      const [request] = agent.requests();
      expect(request).toMatchObject({
        method: 'POST',
        path: '/register',
        headers: { 'content-type': 'application/json' },
        rawBody,
        body: { app: {}, 'äöü€': 'ä' },
        status: 400,
      });
      expect(request?.at.getTime()).toBeGreaterThanOrEqual(before);
    });

    it('keeps those it had no answer for as well', async () => {
      await post(`${agent.url}/nowhere`, 'no json');
      expect(agent.requests()).toMatchObject([{ path: '/nowhere', rawBody: 'no json', status: 404 }]);
      expect(agent.requests()[0]?.body).toBeUndefined();
    });

    it('hands out snapshots', async () => {
      await get(`${agent.url}/healthz`);
      const before = agent.requests();
      await get(`${agent.url}/healthz`);
      expect(before).toHaveLength(1);
      expect(agent.requests()).toHaveLength(2);
    });
  });

  describe('events', () => {
    it('tells of a request before it acts, and of the answer after', async () => {
      const seen: string[] = [];
      agent.on('request', ({ path, status }) => seen.push(`request ${path} ${status}`));
      agent.on('instance', ({ state }) => seen.push(`instance ${state}`));
      agent.on('answer', ({ path, status }) => seen.push(`answer ${path} ${status}`));
      await post(`${agent.url}/register`, nodeRegister(PORT));
      expect(seen).toEqual(['request /register undefined', 'instance Registered', 'answer /register 200']);
    });

    it('tells nothing to a listener that was taken away', async () => {
      const listener = jest.fn();
      agent.on('request', listener).off('request', listener);
      await get(`${agent.url}/healthz`);
      expect(listener).not.toHaveBeenCalled();
    });
  });

  describe('waitFor', () => {
    it('resolves at once where the condition holds, with what it returned', async () => {
      await get(`${agent.url}/healthz`);
      const request: AgentRequest = await agent.waitFor((a) =>
        a.requests().find(({ path }) => path === '/healthz'),
      );
      expect(request.method).toBe('GET');
    });

    it('resolves with the event that makes the condition hold', async () => {
      const waiting = agent.waitFor(() => agent.services().length);
      await post(`${agent.url}/register`, nodeRegister(PORT));
      expect(await waiting).toBe(1);
    });

    it('sees a start and a stop', async () => {
      await post(`${agent.url}/register`, nodeRegister(PORT));
      const emptied = agent.waitFor(() => agent.services().length === 0);
      await agent.stop();
      await emptied;
      const answers = agent.waitFor(() => agent.services().length === 1);
      await agent.start();
      await post(`${agent.url}/register`, nodeRegister(PORT));
      await answers;
    });

    it('looks at events, and not in between', async () => {
      const predicate = jest.fn(() => false);
      const waiting = agent.waitFor(predicate, { timeout: 50 });
      await expect(waiting).rejects.toThrow(EmbeddedAgentError);
      expect(predicate).toHaveBeenCalledTimes(1);
      await get(`${agent.url}/healthz`);
      expect(predicate).toHaveBeenCalledTimes(1);
    });

    it('tells at the timeout what there was to see', async () => {
      agent.hang('/drain');
      await post(`${agent.url}/register`, nodeRegister(PORT));
      const hanging = post(`${agent.url}/drain`, {}).catch(() => undefined);
      await agent.waitFor(() => agent.requests().length === 2);
      const error: unknown = await agent
        .waitFor(() => false, { timeout: 10, description: 'a miracle' })
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ kind: 'wait_timeout', data: { timeout: 10, description: 'a miracle' } });
      expect(String(error)).toBe(
        'EmbeddedAgentError: Waited 10 ms in vain for a miracle. The agent holds auth:9 Registered, has 0 watch stream(s) ' +
          'and has seen 2 request(s), the last ones POST /register 200, POST /drain (not answered).',
      );
      await agent.stop();
      await hanging;
    });

    it('rejects with what the condition throws, at once or later', async () => {
      const boom = new Error('boom');
      await expect(
        agent.waitFor(() => {
          throw boom;
        }),
      ).rejects.toBe(boom);
      const later = agent.waitFor(() => {
        if (agent.requests().length > 0) throw boom;
      });
      await Promise.all([expect(later).rejects.toBe(boom), get(`${agent.url}/healthz`)]);
    });

    it('refuses a condition that is async', async () => {
      await expect(agent.waitFor(() => Promise.resolve(false))).rejects.toThrow(/must not be async/);
    });
  });
});

describe('AgentEvents', () => {
  it('reports what a listener throws as an uncaught exception, and goes on', () => {
    const events = new AgentEvents();
    const next = jest.fn();
    const boom = new Error('boom');
    events.on('watch', () => {
      throw boom;
    });
    events.on('watch', next);
    const queued: (() => void)[] = [];
    const queue = jest
      .spyOn(globalThis, 'queueMicrotask')
      .mockImplementation((task) => void queued.push(task));
    events.emit('watch', { type: 'opened', watchers: 1 });
    queue.mockRestore();
    expect(next).toHaveBeenCalledTimes(1);
    expect(queued).toHaveLength(1);
    expect(() => queued[0]?.()).toThrow(boom);
  });
});

describe('RequestLog', () => {
  const requestOf = (rawBody: string): AgentRequest => ({
    method: 'POST',
    path: '/register',
    headers: {},
    rawBody,
    body: undefined,
    at: new Date(),
    status: undefined,
  });

  it('keeps the latest requests', () => {
    const log = new RequestLog({ requests: 2, characters: 100 });
    for (const rawBody of ['a', 'b', 'c']) log.add(requestOf(rawBody));
    expect(log.snapshot().map(({ rawBody }) => rawBody)).toEqual(['b', 'c']);
  });

  it('keeps fewer where they are long', () => {
    const log = new RequestLog({ requests: 10, characters: 5 });
    for (const rawBody of ['aaa', 'bbb', 'cc']) log.add(requestOf(rawBody));
    expect(log.snapshot().map(({ rawBody }) => rawBody)).toEqual(['bbb', 'cc']);
  });

  it('keeps ten thousand by default', () => {
    const log = new RequestLog();
    for (let i = 0; i < 10_001; i += 1) log.add(requestOf(String(i)));
    expect(log.snapshot()).toHaveLength(10_000);
    expect(log.snapshot()[0]?.rawBody).toBe('1');
  });

  it('notes the answer to a request, and to one that it dropped meanwhile', () => {
    const log = new RequestLog({ requests: 1, characters: 100 });
    const [first, second] = [requestOf('a'), requestOf('b')];
    log.add(first);
    log.add(second);
    expect(log.answered(first, 200).status).toBe(200);
    log.answered(second, 201);
    expect(log.snapshot()).toMatchObject([{ rawBody: 'b', status: 201 }]);
  });
});
