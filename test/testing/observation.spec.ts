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
    it('keeps each byte for byte, with its parsed body and its status', async () => {
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

    it('keeps those that were answered 404 as well', async () => {
      await post(`${agent.url}/nowhere`, 'no json');
      expect(agent.requests()).toMatchObject([{ path: '/nowhere', rawBody: 'no json', status: 404 }]);
      expect(agent.requests()[0]?.body).toBeUndefined();
    });

    it('returns snapshots', async () => {
      await get(`${agent.url}/healthz`);
      const before = agent.requests();
      await get(`${agent.url}/healthz`);
      expect(before).toHaveLength(1);
      expect(agent.requests()).toHaveLength(2);
    });
  });

  describe('events', () => {
    it('emits a request before the agent acts, and the answer after', async () => {
      const seen: string[] = [];
      agent.on('request', ({ path, status }) => seen.push(`request ${path} ${status}`));
      agent.on('instance', ({ state }) => seen.push(`instance ${state}`));
      agent.on('answer', ({ path, status }) => seen.push(`answer ${path} ${status}`));
      await post(`${agent.url}/register`, nodeRegister(PORT));
      expect(seen).toEqual(['request /register undefined', 'instance Registered', 'answer /register 200']);
    });

    it('does not call a listener that was removed', async () => {
      const listener = jest.fn();
      agent.on('request', listener).off('request', listener);
      await get(`${agent.url}/healthz`);
      expect(listener).not.toHaveBeenCalled();
    });
  });

  describe('waitFor', () => {
    it('resolves immediately with the truthy value of the predicate', async () => {
      await get(`${agent.url}/healthz`);
      const request: AgentRequest = await agent.waitFor((a) =>
        a.requests().find(({ path }) => path === '/healthz'),
      );
      expect(request.method).toBe('GET');
    });

    it('resolves at the event that makes the predicate true', async () => {
      const waiting = agent.waitFor(() => agent.services().length);
      await post(`${agent.url}/register`, nodeRegister(PORT));
      expect(await waiting).toBe(1);
    });

    it('calls the predicate after a start and a stop', async () => {
      await post(`${agent.url}/register`, nodeRegister(PORT));
      const emptied = agent.waitFor(() => agent.services().length === 0);
      await agent.stop();
      await emptied;
      const answers = agent.waitFor(() => agent.services().length === 1);
      await agent.start();
      await post(`${agent.url}/register`, nodeRegister(PORT));
      await answers;
    });

    it('calls the predicate at events, and not in between', async () => {
      const predicate = jest.fn(() => false);
      const waiting = agent.waitFor(predicate, { timeout: 50 });
      await expect(waiting).rejects.toThrow(EmbeddedAgentError);
      expect(predicate).toHaveBeenCalledTimes(1);
      await get(`${agent.url}/healthz`);
      expect(predicate).toHaveBeenCalledTimes(1);
    });

    it('describes the agent at the timeout', async () => {
      agent.hang('/drain');
      await post(`${agent.url}/register`, nodeRegister(PORT));
      const hanging = post(`${agent.url}/drain`, {}).catch(() => undefined);
      await agent.waitFor(() => agent.requests().length === 2);
      const error: unknown = await agent
        .waitFor(() => false, { timeout: 10, description: 'a miracle' })
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ kind: 'wait_timeout', data: { timeout: 10, description: 'a miracle' } });
      expect(String(error)).toBe(
        'EmbeddedAgentError: Timed out after 10 ms waiting for a miracle. The agent holds: auth:9 Registered. ' +
          'Open watch streams: 0. Requests received: 2; latest: POST /register 200, POST /drain (not answered).',
      );
      await agent.stop();
      await hanging;
    });

    it('rejects with the error of the predicate, immediately or later', async () => {
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

    it('refuses an async predicate', async () => {
      await expect(agent.waitFor(() => Promise.resolve(false))).rejects.toThrow(/must not be async/);
    });
  });
});

describe('AgentEvents', () => {
  it('turns the error of a listener into an uncaught exception, and calls the others', () => {
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

  it('calls a listener once that was added twice', () => {
    const events = new AgentEvents();
    const listener = jest.fn();
    events.on('watch', listener);
    events.on('watch', listener);
    events.emit('watch', { type: 'opened', watchers: 1 });
    expect(listener).toHaveBeenCalledTimes(1);
    events.off('watch', listener);
    events.emit('watch', { type: 'closed', watchers: 0 });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('calls observers after every event and touch, until they end it', () => {
    const events = new AgentEvents();
    const seen: string[] = [];
    events.on('watch', ({ type }) => seen.push(type));
    const unobserve = events.observe(() => seen.push('change'));
    events.emit('watch', { type: 'opened', watchers: 1 });
    events.touch();
    unobserve();
    events.touch();
    expect(seen).toEqual(['opened', 'change', 'change']);
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

  it('keeps fewer if they are long', () => {
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

  it('adds the status to a request, and to one that it dropped meanwhile', () => {
    const log = new RequestLog({ requests: 1, characters: 100 });
    const [first, second] = [requestOf('a'), requestOf('b')];
    log.add(first);
    log.add(second);
    expect(log.answered(first, 200).status).toBe(200);
    log.answered(second, 201);
    expect(log.snapshot()).toMatchObject([{ rawBody: 'b', status: 201 }]);
  });
});
