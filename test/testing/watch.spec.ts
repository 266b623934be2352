import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';

import type { AgentWatchChange } from '../../lib/testing/index.js';
import { StartedAgents } from './support/started-agents.js';
import { WatchClient, framesOf } from './support/watch-client.js';

describe('EmbeddedAgent and its watch streams', () => {
  const agents = new StartedAgents();
  const { start } = agents;
  afterEach(agents.stop);

  it('sends connected immediately and then heartbeats, with a rising id', async () => {
    const agent = await start({ heartbeatInterval: 10 });
    const stream = await WatchClient.open(agent.url);
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers['content-type']).toBe('text/event-stream');
    const text = await stream.reads(/id: 3\n(.+\n)+\n/);
    const state = { service: 'sidecar-agent', status: 'ready', lifecycle_state: 'running', ready: true };
    expect(framesOf(text).slice(0, 3)).toEqual([
      { event: 'connected', message: 'watch stream established', ...state, generated_at: expect.any(String) },
      { event: 'heartbeat', message: 'watch stream is alive', ...state, generated_at: expect.any(String) },
      { event: 'heartbeat', message: 'watch stream is alive', ...state, generated_at: expect.any(String) },
    ]);
    expect(text).toMatch(
      /^id: 1\nevent: connected\ndata: \{.*\}\n\nid: 2\nevent: heartbeat\ndata: \{.*\}\n\n/,
    );
  });

  it.each([{ dialect: 'flat' }, { dialect: 'both', watchStyle: 'plain' }] as const)(
    'writes the plain style with %j',
    async (options) => {
      const agent = await start({ ...options, heartbeatInterval: 10 });
      const stream = await WatchClient.open(agent.url);
      expect(await stream.reads(/heartbeat\n\n/)).toMatch(/^event: connected\ndata: ok\n\n: heartbeat\n\n/);
    },
  );

  it.each([{ dialect: 'node' }, { dialect: 'flat', watchStyle: 'json' }] as const)(
    'writes the JSON style with %j',
    async (options) => {
      const agent = await start(options);
      const stream = await WatchClient.open(agent.url);
      expect(framesOf(await stream.reads(/\n\n/))).toMatchObject([{ event: 'connected' }]);
    },
  );

  it('sends the first heartbeat after one interval, not before', async () => {
    const agent = await start({ heartbeatInterval: 60_000 });
    const stream = await WatchClient.open(agent.url);
    await stream.reads(/\n\n/);
    agent.dropStreams();
    await stream.ended;
    expect(framesOf(stream.text)).toHaveLength(1);
  });

  it('counts and reports its streams', async () => {
    const agent = await start();
    const changes: AgentWatchChange[] = [];
    agent.on('watch', (change) => changes.push(change));
    const first = await WatchClient.open(agent.url);
    const second = await WatchClient.open(agent.url);
    expect(agent.watchers).toBe(2);
    first.close();
    await agent.waitFor(() => agent.watchers === 1);
    second.close();
    await agent.waitFor(() => agent.watchers === 0);
    expect(changes).toEqual([
      { type: 'opened', watchers: 1 },
      { type: 'opened', watchers: 2 },
      { type: 'closed', watchers: 1 },
      { type: 'closed', watchers: 0 },
    ]);
    expect(agent.requests()).toMatchObject([
      { path: '/watch', status: 200 },
      { path: '/watch', status: 200 },
    ]);
  });

  it('breaks its streams without a proper end, and accepts new ones', async () => {
    const agent = await start();
    const stream = await WatchClient.open(agent.url);
    agent.dropStreams();
    expect(agent.watchers).toBe(0);
    expect(await stream.ended).not.toBe('end');
    const again = await WatchClient.open(agent.url);
    await again.reads(/event: connected/);
    expect(agent.watchers).toBe(1);
  });

  it('stops heartbeats while its streams stay open, and continues them', async () => {
    const agent = await start({ heartbeatInterval: 10 });
    const stream = await WatchClient.open(agent.url);
    await stream.reads(/event: heartbeat/);
    agent.silence();
    // Everything that was sent before the silence arrives before this mark.
    agent.writeToStreams(': mark\n\n');
    await stream.reads(/: mark\n\n/);
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    agent.writeToStreams(': end\n\n');
    expect(await stream.reads(/: end/)).toMatch(/: mark\n\n: end/);
    const another = await WatchClient.open(agent.url);
    await another.reads(/event: connected/);
    expect(agent.watchers).toBe(2);
    agent.unsilence();
    await stream.reads(/: end\n\nid: \d+\nevent: heartbeat/);
  });

  it('writes no heartbeats to a client that does not read', async () => {
    const agent = await start({ heartbeatInterval: 10 });
    const { response } = await WatchClient.open(agent.url);
    response.pause();
    // More than the buffers of both sockets hold.
    agent.writeToStreams(`:${' '.repeat(16 * 1024 * 1024)}\n\n`);
    const reader = await WatchClient.open(agent.url);
    await reader.reads(/^id: 10\n/m);
    agent.writeToStreams(': end\n\n');

    let tail = '';
    response.on('data', (chunk: string) => (tail = (tail + chunk).slice(-4096)));
    const reads = async (words: string) => {
      while (!tail.includes(words)) await once(response, 'data');
    };
    response.resume();
    await reads(': end\n\n');
    expect(tail).toMatch(/^ +\n\n: end\n\n/);
    await reads('event: heartbeat');
  });

  it('stays silent over a restart', async () => {
    const agent = await start({ heartbeatInterval: 5 });
    agent.silence();
    await agent.restart();
    const stream = await WatchClient.open(agent.url);
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    agent.writeToStreams(': end\n\n');
    expect(await stream.reads(/: end/)).not.toContain('heartbeat');
  });
});
