import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../lib/agent/client/http-sidecar-client.js';
import { SidecarAgent, SidecarClock } from '../../lib/index.js';
import { freePort } from '../support/free-port.js';
import { createGreeterApp, type GreeterApp, type GreeterOptions } from '../support/greeter-app.js';
import { GreeterProcess } from '../support/greeter-process.js';
import { answer, chunk, ScriptedAgent, STREAM_HEAD } from '../support/scripted-agent.js';
import { statusWhere } from '../support/status-where.js';
import { Beats, CONNECTED, HEARTBEAT } from './support/beats.js';
import { BookedClock } from './support/booked-clock.js';
import { shortOptions, WatchRun } from './support/watch-run.js';

const DAY = 86_400_000;

describe('the wall clock jumps: timers unmoved', () => {
  let agent: ScriptedAgent;
  let clock: BookedClock;
  let greeter: GreeterApp | undefined;
  let run: WatchRun | undefined;

  beforeEach(async () => {
    clock = new BookedClock();
    agent = await new ScriptedAgent().listen();
  });

  afterEach(async () => {
    run?.stop();
    await greeter?.app.close();
    greeter = run = undefined;
    await agent.close();
  });

  async function start(more: GreeterOptions): Promise<GreeterApp> {
    const providers = [{ provide: SidecarClock, useValue: clock }];
    greeter = await createGreeterApp('microservice', { baseUrl: agent.url, providers, ...more });
    await greeter.listen();
    await greeter.app.get(SidecarAgent).registered();
    return greeter;
  }

  describe.each([
    { where: 'forward', jump: DAY },
    { where: 'back', jump: -DAY },
  ])('$where', ({ jump }) => {
    it('a stream that beats lives on', async () => {
      const beats = new Beats(CONNECTED, HEARTBEAT);
      agent.scripts = { '/watch': beats.script };
      const { app } = await start({ idleTimeout: 300, gracePeriod: 0 });
      clock.jump(jump);
      // More than fit into an idleTimeout, and a second more.
      await beats.more((2 * 300 + 1_000) / 50);
      const after = await statusWhere(app, ({ lastEventType }) => lastEventType === 'heartbeat');
      expect(after).toMatchObject({ connected: true, registered: true, disconnectCount: 0 });
      expect(agent.accepted).toBe(2);
    });

    it('a stream that is silent is seen in time, and a wait of the backoff is as long as it was', async () => {
      agent.scripts = { '/watch': (socket) => void socket.write(STREAM_HEAD + chunk(CONNECTED).toString()) };
      run = new WatchRun(
        { baseUrl: agent.url, idleTimeout: 300, reconnectInterval: 400, maxReconnectInterval: 400 },
        clock,
      );
      await run.events('connected');
      clock.jump(jump);
      const began = performance.now();
      await run.drops(1);
      expect(performance.now() - began).toBeLessThan(300 + 1_000);
      clock.jump(jump);
      const waiting = performance.now();
      await run.events('connected', 2);
      expect(clock.waits).toEqual([200]);
      expect(performance.now() - waiting).toBeGreaterThan(190);
      expect(performance.now() - waiting).toBeLessThan(200 + 1_000);
    });

    it('is no 10 s of life: an agent that accepts and dies is not hammered', async () => {
      agent.scripts = {
        '/watch': (socket) => {
          socket.write(STREAM_HEAD);
          socket.write(chunk(CONNECTED));
          socket.end();
        },
      };
      run = new WatchRun({ baseUrl: agent.url }, clock);
      const { service } = run;
      service.events$.subscribe(({ type }) => {
        if (type !== 'connected') return;
        service.confirm();
        clock.jump(jump);
      });
      await run.events('connected', 4);
      await run.drops(4);
      expect(clock.waits.slice(0, 3)).toEqual([10, 20, 40]);
    });

    it('a call keeps its deadline over both of its tries', async () => {
      agent.scripts = {
        '/deregister': (socket) => {
          clock.jump(jump);
          // The other dialect's words call for a second try, which gets no answer.
          if (agent.to('/deregister').length === 1) socket.write(answer(400, '{"error":"name is required"}'));
        },
      };
      const client = new HttpSidecarClient(shortOptions({ baseUrl: agent.url, requestTimeout: 400 }), clock);
      const began = performance.now();
      const who = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };
      await expect(client.deregister(who)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
      expect(performance.now() - began).toBeGreaterThan(390);
      expect(performance.now() - began).toBeLessThan(400 + 1_000);
      expect(agent.to('/deregister')).toHaveLength(2);
      await client.close();
    });

    it('leaving serves on for drainDelay, and no longer', async () => {
      let drainedAt = 0;
      let deregisteredAt = 0;
      agent.scripts = {
        '/drain': (socket) => {
          clock.jump(jump);
          drainedAt = performance.now();
          socket.write(answer(200, '{"success":true}'));
          // And once more in the middle of the wait.
          setTimeout(() => clock.jump(jump), 100);
        },
        '/deregister': (socket) => {
          deregisteredAt = performance.now();
          socket.write(answer(200, '{"success":true}'));
        },
      };
      const { app } = await start({ drainDelay: 300, gracePeriod: 5_000 });
      await app.close();
      expect(deregisteredAt - drainedAt).toBeGreaterThan(290);
      expect(deregisteredAt - drainedAt).toBeLessThan(300 + 1_000);
    });
  });
});

describe('the process is stopped and continued', () => {
  let agent: ScriptedAgent;
  let greeter: GreeterProcess;
  let streams: Socket[];
  let beats: Beats;

  beforeEach(async () => {
    streams = [];
    beats = new Beats(CONNECTED, HEARTBEAT);
    agent = await new ScriptedAgent({
      '/watch': (socket, request) => {
        streams.push(socket);
        beats.script(socket, request);
      },
    }).listen();
    const sidecar = { baseUrl: agent.url, idleTimeout: 600, gracePeriod: 0 };
    greeter = new GreeterProcess({ port: await freePort(), shape: 'microservice', sidecar });
    await greeter.printed('Registered greeter');
  });

  afterEach(async () => {
    await greeter.kill();
    await agent.close();
  });

  /**
   * Asks for one more register, and sees it come: by then all that lay in the process's sockets has
   * been read.
   */
  async function answersAgain(): Promise<void> {
    const registers = agent.to('/register').length;
    streams.at(-1)?.write(chunk(CONNECTED));
    await agent.until(() => agent.to('/register').length > registers);
  }

  it('while the agent beats on: at most one reconnect', async () => {
    greeter.signal('SIGSTOP');
    await beats.more(30);
    greeter.signal('SIGCONT');
    await beats.more(30);
    await answersAgain();
    expect(agent.to('/watch').length).toBeLessThanOrEqual(2);
  });

  it('while the agent gave its stream up: one reconnect, and registered again', async () => {
    greeter.signal('SIGSTOP');
    await Promise.all(streams.map((stream) => once(stream.destroy(), 'close')));
    greeter.signal('SIGCONT');
    await agent.until(() => agent.to('/watch').length === 2 && agent.to('/register').length === 2);
    await beats.more(30);
    await answersAgain();
    expect(agent.to('/watch')).toHaveLength(2);
  });
});
