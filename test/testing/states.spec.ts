import { createServer } from 'node:net';
import type { Server } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { EmbeddedAgent } from '../../lib/testing/index.js';
import type { AgentInstanceState } from '../../lib/testing/index.js';
import { nodeLeave, nodeRegister } from './support/bodies.js';
import { post } from './support/http.js';
import { close, closedPort, listenOn, portOf } from './support/ports.js';

describe('EmbeddedAgent and the port of a service', () => {
  const servers: Server[] = [];
  let agent: EmbeddedAgent;

  beforeEach(async () => {
    agent = new EmbeddedAgent({ probe: 10 });
    await agent.start();
  });
  afterEach(async () => {
    await agent.stop();
    await Promise.all(servers.splice(0).map(close));
  });

  const listen = async (port?: number, host?: string): Promise<Server> => {
    const server = await listenOn(port, host);
    servers.push(server);
    return server;
  };
  const reached = (state: AgentInstanceState): Promise<unknown> =>
    agent.waitFor(() => agent.services()[0]?.state === state, { description: state });

  it.each(['127.0.0.1', '::1'])('is Serving when a port on %s answers', async (host) => {
    const port = portOf(await listen(0, host));
    await post(`${agent.url}/register`, nodeRegister(port));
    await reached('Serving');
    expect(agent.services()[0]?.history.map(({ state }) => state)).toEqual(['Registered', 'Serving']);
  });

  it('probes server_port, not the port callers dial', async () => {
    const dialled = portOf(await listen());
    const port = await closedPort();
    await post(`${agent.url}/register`, nodeRegister(port, { service: { port: dialled } }));
    const [server] = await Promise.all([listenLater(port), reached('Serving')]);
    expect(portOf(server)).toBe(port);
  });

  it('stays Registered while the port is closed, and is Serving when it opens', async () => {
    const port = await closedPort();
    await post(`${agent.url}/register`, nodeRegister(port));
    expect(agent.services()[0]?.state).toBe('Registered');
    await listen(port);
    await reached('Serving');
  });

  it('probes immediately, and not again after it is Serving', async () => {
    await agent.stop();
    agent = new EmbeddedAgent({ probe: 60_000 });
    await agent.start();
    const server = await listen();
    let probes = 0;
    server.on('connection', () => (probes += 1));
    await post(`${agent.url}/register`, nodeRegister(portOf(server)));
    await reached('Serving');
    await post(`${agent.url}/register`, nodeRegister(portOf(server)));
    expect(probes).toBe(1);
    expect(agent.services()[0]).toMatchObject({ state: 'Serving', replays: 1 });
  });

  it('does not reset the connection of a service that greets', async () => {
    const outcome = new Promise<string>((resolve) => {
      const server = createServer((socket) => {
        socket.once('error', (error) => resolve(error.message));
        socket.once('close', () => resolve('closed'));
        socket.resume().write('hello');
      });
      servers.push(server);
      server.listen(0, '127.0.0.1', () => {
        void post(`${agent.url}/register`, nodeRegister(portOf(server)));
      });
    });
    expect(await outcome).toBe('closed');
  });

  describe('when an instance leaves before its port answers', () => {
    it.each([
      ['/drain', nodeLeave(), 'Draining'],
      ['/deregister', nodeLeave(), 'Deregistered'],
    ])('ends the probes at %s', async (path, body, state) => {
      const port = await closedPort();
      await post(`${agent.url}/register`, nodeRegister(port));
      await post(agent.url + path, body);
      const server = await listen(port);
      let probes = 0;
      server.on('connection', () => (probes += 1));
      await someProbesTime();
      expect(probes).toBe(0);
      expect(agent.services().map((service) => service.state)).toEqual([state]);
    });
  });

  it('ends the probes when it is stopped', async () => {
    const port = await closedPort();
    await post(`${agent.url}/register`, nodeRegister(port));
    await agent.restart();
    const server = await listen(port);
    let probes = 0;
    server.on('connection', () => (probes += 1));
    await someProbesTime();
    expect(probes).toBe(0);
  });

  it('drains, keeps a register out of rotation, and accepts it after a deregister', async () => {
    const body = nodeRegister(portOf(await listen()));
    await post(`${agent.url}/register`, body);
    await reached('Serving');
    await post(`${agent.url}/drain`, nodeLeave({ grace_period: '30s' }));
    const [draining] = agent.services();
    expect(draining?.state).toBe('Draining');
    expect((draining?.drainDeadline?.getTime() ?? 0) - (draining?.updatedAt.getTime() ?? 0)).toBe(30_000);
    const answer = await post(`${agent.url}/register`, body);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ code: 'register_ok', data: { state: 'Draining' } });
    await post(`${agent.url}/deregister`, nodeLeave());
    await post(`${agent.url}/register`, body);
    await reached('Serving');
    expect(agent.services().map(({ state }) => state)).toEqual(['Serving', 'Deregistered']);
  });

  it('emits every change of state', async () => {
    const seen: string[] = [];
    agent.on('instance', ({ name, state }) => seen.push(`${name} ${state}`));
    await post(`${agent.url}/register`, nodeRegister(portOf(await listen())));
    await reached('Serving');
    await post(`${agent.url}/deregister`, nodeLeave());
    expect(seen).toEqual(['auth Registered', 'auth Serving', 'auth Deregistered']);
  });

  /** Waits long enough for several probes: a probe that must not happen cannot be awaited. */
  const someProbesTime = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 60));

  async function listenLater(port: number): Promise<Server> {
    await someProbesTime();
    expect(agent.services()[0]?.state).toBe('Registered');
    return listen(port);
  }
});
