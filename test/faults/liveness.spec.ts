import { afterEach, describe, expect, it } from '@jest/globals';
import { Client } from 'undici';
import { SidecarAgent } from '../../lib/index.js';
import { createGreeterApp, type GreeterApp } from '../support/greeter-app.js';
import { chunk, type Script, ScriptedAgent, STREAM_HEAD } from '../support/scripted-agent.js';
import { statusWhere } from '../support/status-where.js';
import { BeatingAgent } from './support/beating-agent.js';
import { Beats, CONNECTED, HEARTBEAT } from './support/beats.js';
import { Relay } from './support/relay.js';
import { WatchRun } from './support/watch-run.js';

/**
 * The idleTimeout of these tests, in milliseconds; a timer may run a little early by another clock.
 */
const IDLE = 600;
const EARLY = 10;

describe('liveness', () => {
  let agent: ScriptedAgent;
  let run: WatchRun | undefined;

  afterEach(async () => {
    run?.stop();
    run = undefined;
    await agent.close();
  });

  async function watch(script: Script): Promise<WatchRun> {
    agent = await new ScriptedAgent({ '/watch': script }).listen();
    return (run = new WatchRun({ baseUrl: agent.url, idleTimeout: IDLE }));
  }

  describe('first-event deadline', () => {
    it.each<{ what: string; script: Script }>([
      { what: '200 and then silence', script: (socket) => void socket.write(STREAM_HEAD) },
      { what: 'comments only and never connected', script: new Beats(': hello\n\n', ': beat\n\n').script },
      { what: 'heartbeats only and never connected', script: new Beats(HEARTBEAT, HEARTBEAT).script },
      { what: 'bytes of a first frame that does not end', script: new Beats('data: ', 'x').script },
    ])('$what', async ({ script }) => {
      const began = performance.now();
      const watching = await watch(script);
      const [error] = await watching.drops(1);
      const took = performance.now() - began;
      expect(error?.kind).toBe('watch_idle_timeout');
      expect(error?.message).toContain(`did not send "connected" within ${IDLE} ms`);
      expect(took).toBeGreaterThan(IDLE - EARLY);
      expect(took).toBeLessThan(IDLE + 1_000);
      agent.scripts = {};
      await watching.events('connected');
      await agent.until(() => agent.open === 1);
    });
  });

  it('an agent that beats less often than idleTimeout is cut once, and then understood', async () => {
    const timers = new Set<NodeJS.Timeout>();
    const watching = await watch((socket) => {
      socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), chunk(CONNECTED)]));
      const timer = setInterval(() => socket.write(chunk(HEARTBEAT)), 1.5 * IDLE);
      timers.add(timer);
      socket.once('close', () => clearInterval(timer));
    });
    const [error] = await watching.drops(1);
    expect(error?.message).toContain(
      `sent nothing for ${IDLE} ms (option idleTimeout; next time after ${2 * IDLE} ms)`,
    );
    await watching.events('heartbeat', 3);
    expect(watching.ended).toHaveLength(1);
    for (const timer of timers) clearInterval(timer);
  });

  it('whole milliseconds are told, also of a limit that was measured', async () => {
    const timers = new Set<NodeJS.Timeout>();
    const watching = await watch((socket) => {
      socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), chunk(CONNECTED)]));
      const timer = setInterval(() => socket.write(chunk(HEARTBEAT)), IDLE / 2);
      timers.add(timer);
      socket.once('close', () => clearInterval(timer));
    });
    await watching.events('heartbeat', 4);
    for (const timer of timers) clearInterval(timer);
    const [error] = await watching.drops(1);
    expect(error?.message).toMatch(/sent nothing for \d+ ms \(option idleTimeout; next time after \d+ ms\)/);
    expect(error?.message).not.toContain(`for ${IDLE} ms`);
  });

  it('comment bytes count as life', async () => {
    const beats = new Beats(CONNECTED, ': beat\n\n');
    const watching = await watch(beats.script);
    await watching.events('connected');
    await beats.more((3 * IDLE) / 50);
    beats.stop();
    const [error] = await watching.drops(1);
    expect(error?.message).toContain(`sent nothing for ${IDLE} ms`);
    expect(performance.now() - beats.lastAt).toBeGreaterThan(IDLE - EARLY);
  });

  describe('seen within idleTimeout + 1 s', () => {
    it('heartbeats stop', async () => {
      const beats = new Beats(CONNECTED, HEARTBEAT);
      const watching = await watch(beats.script);
      await watching.events('heartbeat', 4);
      beats.stop();
      const [error] = await watching.drops(1);
      const silence = performance.now() - beats.lastAt;
      expect(error?.kind).toBe('watch_idle_timeout');
      expect(error?.message).toContain(`sent nothing for ${IDLE} ms`);
      expect(silence).toBeGreaterThan(IDLE - EARLY);
      expect(silence).toBeLessThan(IDLE + 1_000);
      agent.scripts = {};
      await watching.events('connected', 2);
      await agent.until(() => agent.open === 1);
    });

    it('half-open stream: the agent is gone, and nobody says so', async () => {
      agent = await new ScriptedAgent({ '/watch': new Beats(CONNECTED, HEARTBEAT).script }).listen();
      const relay = await new Relay(agent.port).listen();
      try {
        run = new WatchRun({ baseUrl: relay.url, idleTimeout: IDLE });
        await run.events('heartbeat', 2);
        relay.cut();
        const began = performance.now();
        await agent.close();
        const [error] = await run.drops(1);
        expect(error?.kind).toBe('watch_idle_timeout');
        expect(performance.now() - began).toBeLessThan(IDLE + 1_000);
      } finally {
        run?.stop();
        await relay.close();
      }
    });
  });

  describe('an agent in a process of its own', () => {
    let stopped: BeatingAgent;
    let greeter: GreeterApp | undefined;

    afterEach(async () => {
      stopped.signal('SIGCONT');
      await greeter?.app.close();
      greeter = undefined;
      await stopped.kill();
    });

    it('stopped with SIGSTOP: seen within idleTimeout + 1 s; registered again once it is continued', async () => {
      agent = new ScriptedAgent();
      stopped = await BeatingAgent.start({ beat: 50 });
      greeter = await createGreeterApp('microservice', {
        baseUrl: stopped.url,
        idleTimeout: IDLE,
        requestTimeout: 200,
        gracePeriod: 0,
      });
      const { app, listen } = greeter;
      await listen();
      await app.get(SidecarAgent).registered();
      stopped.signal('SIGSTOP');
      const began = performance.now();
      const lost = await statusWhere(app, ({ connected }) => !connected);
      expect(performance.now() - began).toBeLessThan(IDLE + 1_000);
      expect(lost).toMatchObject({ registered: false, lastErrorKind: 'watch_idle_timeout' });
      // The system goes on accepting for it: what is tried meanwhile ends at the headers deadline.
      await statusWhere(app, ({ lastErrorKind }) => lastErrorKind === 'watch_connect');
      stopped.signal('SIGCONT');
      await app.get(SidecarAgent).registered();
      expect(app.get(SidecarAgent).status()).toMatchObject({ disconnectCount: 1, registerReplayCount: 2 });
    });
  });

  it('a beat within idleTimeout is in time, whatever else in this process uses undici', async () => {
    const beats = new Beats(CONNECTED, HEARTBEAT, 700);
    agent = await new ScriptedAgent({ '/watch': beats.script, '/other': () => {} }).listen();
    // A call of the application's own that waits for its answer meanwhile: undici's timers are
    // shared.
    const other = new Client(agent.url);
    const unanswered = expect(other.request({ method: 'GET', path: '/other' })).rejects.toThrow();
    try {
      run = new WatchRun({ baseUrl: agent.url, idleTimeout: 990 });
      await Promise.race([run.events('heartbeat', 5), run.drops(1)]);
      expect(run.ended).toEqual([]);
    } finally {
      await other.destroy();
      await unanswered;
    }
  });
});
