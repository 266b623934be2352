import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SidecarAgent, SidecarClock } from '../../lib/index.js';
import {
  APP_SHAPES,
  createGreeterApp,
  type GreeterApp,
  type GreeterOptions,
} from '../support/greeter-app.js';
import { HastyClock } from '../support/hasty-clock.js';
import { GreeterProcess } from '../support/greeter-process.js';
import { ScriptedAgent } from '../support/scripted-agent.js';

describe('the gRPC port is taken: nothing announced', () => {
  let agent: ScriptedAgent;
  let taken: Server;
  let port: number;
  const opened: GreeterApp[] = [];

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });

  afterEach(async () => {
    for (const { app } of opened.splice(0)) await app.close();
    taken.close();
    await agent.close();
  });

  async function create(
    shape: (typeof APP_SHAPES)[number],
    where: { port?: number } = {},
    more: GreeterOptions = {},
  ): Promise<GreeterApp> {
    const greeter = await createGreeterApp(shape, { baseUrl: agent.url, ...more }, where);
    opened.push(greeter);
    return greeter;
  }

  const REFUSED = /EADDRINUSE|No address added/;

  describe.each(APP_SHAPES)('a %s', (shape) => {
    it('says nothing to the agent, and one on a free port is heard', async () => {
      const unlucky = await create(shape, { port });
      await expect(unlucky.listen()).rejects.toThrow(REFUSED);
      // It begins after the other, with all that takes time to load loaded: what the other had to
      // say came before.
      const lucky = await create(shape);
      await lucky.listen();
      await lucky.app.get(SidecarAgent).registered();
      expect(agent.to('/watch')).toHaveLength(1);
      expect(agent.to('/register').map(({ body }) => body.includes(`"server_port":${lucky.port}`))).toEqual([
        true,
      ]);
      expect(unlucky.app.get(SidecarAgent).node).toBeUndefined();
      expect(unlucky.app.get(SidecarAgent).status()).toMatchObject({ connected: false, registered: false });

      await unlucky.app.close();
      opened.shift();
      expect(unlucky.app.get(SidecarAgent).status().phase).toBe('stopped');
      expect(agent.requests.map(({ path }) => path)).toEqual(['/watch', '/register']);
    });

    it('ends its process, where nobody catches it', async () => {
      const greeter = new GreeterProcess({ port, shape, sidecar: { baseUrl: agent.url } });
      expect(await greeter.exited).toBe(1);
      expect(greeter.output).toMatch(REFUSED);
      expect([agent.requests, agent.accepted]).toEqual([[], 0]);
    });
  });

  it('a hybrid that goes on without its gRPC server says nothing, and its log says why', async () => {
    const { app, listen, logs } = await create(
      'hybrid, http first',
      { port },
      { providers: [{ provide: SidecarClock, useClass: HastyClock }] },
    );
    const warned = new Promise<string>((resolve) => {
      logs.warn = (...words: unknown[]) => resolve(words.join(' '));
    });
    await expect(listen()).rejects.toThrow(REFUSED);
    await expect(warned).resolves.toMatch(/Not registered: the gRPC server failed to listen: /);
    expect(agent.accepted).toBe(0);
    expect(app.get(SidecarAgent).status().phase).toBe('starting');
  });

  it('taken by another of its kind: that one stays registered, and is the only one', async () => {
    const first = await create('microservice');
    await first.listen();
    await first.app.get(SidecarAgent).registered();
    const second = await create('microservice', { port: first.port });
    await expect(second.listen()).rejects.toThrow(REFUSED);
    await second.app.close();
    opened.pop();
    const { registered } = first.app.get(SidecarAgent).status();
    expect(registered).toBe(true);
    await first.app.close();
    opened.pop();
    expect(agent.requests.map(({ path }) => path)).toEqual(['/watch', '/register', '/drain', '/deregister']);
  });
});
