import { createHook } from 'node:async_hooks';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';

import type { EmbeddedAgent } from '../../lib/testing/index.js';
import { RouteDocuments } from '../../lib/testing/server/route-documents.js';
import { ScriptedFaults } from '../../lib/testing/server/scripted-faults.js';
import { routeDocumentOf } from '../../lib/testing/wire/route-document.js';
import { flatRegister, nodeLeave, nodeRegister } from './support/bodies.js';
import { type Answer, post, send } from './support/http.js';
import { close, closedPort, listenOn } from './support/ports.js';
import { StartedAgents } from './support/started-agents.js';
import { WatchClient } from './support/watch-client.js';

const PORT = 9;

describe('EmbeddedAgent and its bounds', () => {
  const agents = new StartedAgents();
  const { start } = agents;
  const servers: Server[] = [];
  afterEach(async () => {
    await agents.stop();
    await Promise.all(servers.splice(0).map(close));
  });

  const register = (agent: EmbeddedAgent, id: string, port = PORT): Promise<Answer> =>
    post(`${agent.url}/register`, nodeRegister(port, { app: { instance_id: id } }));

  describe('instances', () => {
    it('answers 503 to one too many, and takes it after a deregister', async () => {
      const agent = await start({ maxInstances: 2 });
      await register(agent, 'a');
      await register(agent, 'b');
      const { status, json } = await register(agent, 'c');
      expect(status).toBe(503);
      expect(json).toMatchObject({
        success: false,
        code: 'register_failed',
        message:
          'the agent holds at most 2 instances (option maxInstances) and 67108864 bytes: deregister some',
      });
      await post(`${agent.url}/deregister`, nodeLeave({ app_instance_id: 'a' }));
      expect((await register(agent, 'c')).status).toBe(200);
    });

    it('takes a replay and a changed register when it is full', async () => {
      const agent = await start({ maxInstances: 1 });
      await register(agent, 'a');
      expect((await register(agent, 'a')).status).toBe(200);
      const changed = nodeRegister(PORT, { app: { instance_id: 'a', version: 'v2' } });
      expect((await post(`${agent.url}/register`, changed)).status).toBe(200);
    });

    it('answers 503 in the flat dialect, too, and publishes no routes', async () => {
      const agent = await start({ dialect: 'flat', maxInstances: 1 });
      await post(`${agent.url}/register`, flatRegister(PORT));
      const full = await post(`${agent.url}/register`, flatRegister(PORT, { name: 'other' }));
      expect(full).toMatchObject({ status: 503, json: { error: expect.stringContaining('maxInstances') } });
      expect(agent.forgetRoutes('other')).toBe(false);
    });

    it('holds 64 MiB of registers, and takes more after a deregister', async () => {
      const agent = await start({ dialect: 'flat' });
      const large = (name: string): Promise<Answer> => {
        const body = JSON.stringify(flatRegister(PORT, { name }));
        return post(`${agent.url}/register`, body + ' '.repeat(8 * 1024 * 1024 - body.length));
      };
      for (let i = 0; i < 8; i += 1) expect((await large(`s${i}`)).status).toBe(200);
      expect((await post(`${agent.url}/register`, flatRegister(PORT))).status).toBe(503);
      await post(`${agent.url}/deregister`, { name: 's0', port: PORT });
      expect((await post(`${agent.url}/register`, flatRegister(PORT))).status).toBe(200);
    });

    it('keeps 64 MiB of deregistered ones', async () => {
      const agent = await start({ dialect: 'flat' });
      for (let i = 0; i < 10; i += 1) {
        const body = JSON.stringify(flatRegister(PORT, { name: `s${i}` }));
        await post(`${agent.url}/register`, body + ' '.repeat(8 * 1024 * 1024 - body.length));
        await post(`${agent.url}/deregister`, { name: `s${i}`, port: PORT });
      }
      expect(agent.services().map(({ name }) => name)).toEqual([
        's9',
        's8',
        's7',
        's6',
        's5',
        's4',
        's3',
        's2',
      ]);
    });
  });

  it('answers 503 to one watch stream too many, and takes it when another has closed', async () => {
    const agent = await start({ maxStreams: 1 });
    const first = await WatchClient.open(agent.url);
    const refused = await send(`${agent.url}/watch`, 'GET');
    expect(refused).toMatchObject({
      status: 503,
      text: 'the agent has 1 watch streams, the most it may (option maxStreams)',
    });
    first.close();
    await agent.waitFor(() => agent.watchers === 0);
    await (await WatchClient.open(agent.url)).reads(/connected/);
  });

  it('holds the latest 10 000 requests to a path that hangs, and performs them in order', () => {
    const faults = new ScriptedFaults();
    const performed: number[] = [];
    faults.hang('/register');
    for (let i = 0; i <= 10_000; i += 1) faults.pass('/register', () => performed.push(i));
    expect(performed).toEqual([]);
    faults.resume('/register');
    expect(performed).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
  });

  it('keeps the latest 10 000 route documents', () => {
    const documents = new RouteDocuments();
    const publish = (i: number, version: string) =>
      documents.publish(
        routeDocumentOf({ env: 'e', namespace: 'n', name: `s${i}`, port: PORT, version, methods: [] }),
      );
    for (let i = 0; i < 10_000; i += 1) publish(i, 'v1');
    expect(() => publish(0, 'v2')).toThrow('route document conflict');
    publish(10_000, 'v1');
    expect(() => publish(1, 'v2')).toThrow('route document conflict');
    expect(documents.find('routes/e/n/s0/current')).toBeUndefined();
    publish(0, 'v2');
    expect(documents.find('routes/e/n/s1/current')).toBeUndefined();
  });

  describe('probes of many instances', () => {
    it('makes at most 200 attempts a second, each on both loopback addresses', async () => {
      const agent = await start({ probe: 10 });
      const port = await closedPort();
      for (let i = 0; i < 300; i += 1) await register(agent, String(i), port);
      await sleep(100);
      let sockets = 0;
      const hook = createHook({
        init: (_id, type) => {
          if (type === 'TCPWRAP') sockets += 1;
        },
      }).enable();
      const started = performance.now();
      await sleep(1_000);
      hook.disable();
      const seconds = (performance.now() - started) / 1_000;
      expect(sockets).toBeGreaterThan(0);
      expect(sockets).toBeLessThanOrEqual(2 * 200 * (seconds + 0.1));
    });

    it('gives each its turn', async () => {
      const agent = await start({ probe: 10 });
      const port = await closedPort();
      for (let i = 0; i < 100; i += 1) await register(agent, String(i), port);
      servers.push(await listenOn(port));
      await agent.waitFor(() => agent.services().every(({ state }) => state === 'Serving'));
    });
  });
});
