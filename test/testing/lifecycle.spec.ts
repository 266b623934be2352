import { afterEach, describe, expect, it } from '@jest/globals';

import { EmbeddedAgent, EmbeddedAgentError } from '../../lib/testing/index.js';
import type { EmbeddedAgentOptions } from '../../lib/testing/index.js';
import { nodeRegister } from './support/bodies.js';
import { followHandles } from './support/follow-handles.js';
import { get, post } from './support/http.js';
import { close, closedPort, listenOn, portOf } from './support/ports.js';
import { StartedAgents } from './support/started-agents.js';
import { WatchClient } from './support/watch-client.js';

describe('EmbeddedAgent lifecycle', () => {
  const agents = new StartedAgents();
  const { create } = agents;
  afterEach(agents.stop);

  describe('when it is started', () => {
    it('listens on a free port of 127.0.0.1 and has its URL', async () => {
      const agent = create();
      await agent.start();
      expect(agent.url).toBe(`http://127.0.0.1:${agent.port}`);
      expect((await get(`${agent.url}/healthz`)).json).toEqual({ status: 'ok' });
    });

    it('listens on IPv6 loopback if the host says so', async () => {
      const agent = create({ host: '::1' });
      await agent.start();
      expect(agent.url).toBe(`http://[::1]:${agent.port}`);
      expect((await get(`${agent.url}/healthz`)).status).toBe(200);
    });

    it('does nothing the second time', async () => {
      const agent = create();
      await Promise.all([agent.start(), agent.start()]);
      const { port } = agent;
      await agent.start();
      expect(agent.port).toBe(port);
    });

    it('rejects with the address if the port is taken', async () => {
      const server = await listenOn();
      const agent = create({ port: portOf(server) });
      const error: unknown = await agent.start().catch((reason: unknown) => reason);
      await close(server);
      expect(error).toBeInstanceOf(EmbeddedAgentError);
      expect(error).toMatchObject({
        name: 'EmbeddedAgentError',
        kind: 'port_in_use',
        data: { host: '127.0.0.1', port: agent.port, code: 'EADDRINUSE' },
        cause: { code: 'EADDRINUSE' },
      });
      expect(String(error)).toContain(`127.0.0.1:${agent.port}: the port is taken. Stop the process`);
    });

    it('starts when the port is free again', async () => {
      const server = await listenOn();
      const agent = create({ port: portOf(server) });
      await expect(agent.start()).rejects.toMatchObject({ kind: 'port_in_use' });
      await close(server);
      await agent.start();
      expect((await get(`${agent.url}/healthz`)).status).toBe(200);
    });
  });

  describe('when its options cannot be used', () => {
    it.each(['0.0.0.0', '::', '192.168.0.1', 'example.org', ''])('refuses to listen on %j', (host) => {
      expect(() => new EmbeddedAgent({ host })).toThrow(/must be a loopback address/);
    });

    it('names every fault in one error', () => {
      const options = {
        port: 65_536,
        hosts: ['auth:80'],
        routeConflicts: 1,
        maxInstances: 0,
        maxStreams: 1.5,
        heartbeatInterval: 0,
        probe: Number.NaN,
        dialect: 'x',
        watchStyle: 'y',
      };
      let error: unknown;
      try {
        new EmbeddedAgent(options as unknown as EmbeddedAgentOptions);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ kind: 'invalid_options' });
      expect((error as EmbeddedAgentError).data['faults']).toEqual([
        'port: must be 1 to 65535, or 0 for a free port, got 65536',
        'hosts: must be a list of host names without a port, got Array',
        'dialect: must be "both", "node" or "flat", got "x"',
        'watchStyle: must be "json" or "plain", got "y"',
        'heartbeatInterval: must be milliseconds above 0, got 0',
        'probe: must be milliseconds above 0, got NaN',
        'maxInstances: must be a whole number above 0, got 0',
        'maxStreams: must be a whole number above 0, got 1.5',
        'routeConflicts: must be true or false, got 1',
      ]);
    });
  });

  describe('when it was never started', () => {
    it('has no URL, and the error says what to do', () => {
      const agent = create();
      expect(() => agent.url).toThrow(/await agent.start\(\) first/);
      expect(() => agent.port).toThrow(expect.objectContaining({ kind: 'not_started' }));
      expect(agent.services()).toEqual([]);
      expect(agent.watchers).toBe(0);
    });

    it('has a URL if the port was given', async () => {
      const port = await closedPort();
      expect(create({ port }).url).toBe(`http://127.0.0.1:${port}`);
    });
  });

  describe('when it is stopped', () => {
    it('refuses connections, forgets every instance and keeps the requests', async () => {
      const agent = create();
      await agent.start();
      await post(`${agent.url}/register`, nodeRegister(agent.port));
      expect(agent.services()).toHaveLength(1);
      await agent.stop();
      expect(agent.services()).toEqual([]);
      expect(agent.requests()).toHaveLength(1);
      await expect(get(`${agent.url}/healthz`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });

    it('breaks streams and hanging requests', async () => {
      const agent = create();
      await agent.start();
      agent.hang('/register');
      const stream = await WatchClient.open(agent.url);
      const hanging = post(`${agent.url}/register`, nodeRegister(agent.port));
      await agent.waitFor(() => agent.requests().some(({ path }) => path === '/register'));
      const [outcome] = await Promise.allSettled([hanging, agent.stop()]);
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } });
      expect(await stream.ended).not.toBe('end');
      expect(agent.watchers).toBe(0);
    });

    it('has emitted the end of every stream when stop() resolves', async () => {
      const agent = create();
      await agent.start();
      const changes: string[] = [];
      agent.on('watch', ({ type, watchers }) => changes.push(`${type} ${watchers}`));
      const streams = [await WatchClient.open(agent.url), await WatchClient.open(agent.url)];
      await agent.stop();
      expect(changes).toEqual(['opened 1', 'opened 2', 'closed 1', 'closed 0']);
      await Promise.all(streams.map(({ ended }) => ended));
    });

    it('answers nothing after the call of stop()', async () => {
      const agent = create();
      await agent.start();
      agent.on('request', () => void agent.stop());
      await expect(post(`${agent.url}/register`, nodeRegister(agent.port))).rejects.toMatchObject({
        code: 'ECONNRESET',
      });
      expect(agent.requests().map(({ status }) => status)).toEqual([undefined]);
    });

    it('can be stopped again, and before or during a start', async () => {
      const agent = create();
      await agent.stop();
      const started = agent.start();
      await agent.stop();
      await started;
      await expect(get(`${agent.url}/healthz`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await agent.stop();
    });

    it('leaves neither server nor socket nor timer that would keep the process alive', async () => {
      const mine = followHandles();
      const agent = create({ heartbeatInterval: 20, probe: 10 });
      await agent.start();
      const stream = await WatchClient.open(agent.url);
      await post(`${agent.url}/register`, nodeRegister(await closedPort()));
      expect(mine.open()).toEqual(expect.arrayContaining(['TCPSERVERWRAP', 'TCPWRAP', 'Timeout']));
      await agent.stop();
      await stream.ended;
      // Handles close in a later phase of the event loop. If one stays, the test times out.
      while (mine.open().length > 0) await new Promise((resolve) => setImmediate(resolve));
      mine.stop();
    });
  });

  describe('when it is restarted', () => {
    it('listens on the same port, without instances', async () => {
      const agent = create();
      await agent.start();
      const { url } = agent;
      await post(`${url}/register`, nodeRegister(agent.port));
      const stream = await WatchClient.open(url);
      await agent.restart();
      expect(agent.url).toBe(url);
      expect(await stream.ended).not.toBe('end');
      expect(agent.services()).toEqual([]);
      expect((await get(`${url}/debug/services`)).json).toEqual({ services: [] });
    });

    it('listens on the same port after a stop as well', async () => {
      const agent = create();
      await agent.start();
      const { url } = agent;
      await agent.stop();
      await agent.start();
      expect(agent.url).toBe(url);
      expect((await get(`${url}/healthz`)).status).toBe(200);
    });

    it('survives restarts that overlap', async () => {
      const agent = create();
      await agent.start();
      await Promise.all([agent.restart(), agent.restart(), agent.restart()]);
      expect((await get(`${agent.url}/healthz`)).status).toBe(200);
    });
  });
});
