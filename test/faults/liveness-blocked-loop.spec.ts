import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../lib/agent/client/http-sidecar-client.js';
import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { BeatingAgent, type BeatingAgentSettings } from './support/beating-agent.js';
import { shortOptions, WatchRun } from './support/watch-run.js';

/**
 * Keeps the event loop busy. It begins after the poll phase, so that timers come first when it is
 * over: the worst case.
 */
async function block(milliseconds: number): Promise<void> {
  await setImmediate();
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('our own event loop blocked: no false drop, what lies in the socket is read first', () => {
  let agent: BeatingAgent;
  let run: WatchRun | undefined;

  afterEach(async () => {
    run?.stop();
    run = undefined;
    await agent.kill();
  });

  async function watch(settings: BeatingAgentSettings, idleTimeout: number): Promise<WatchRun> {
    agent = await BeatingAgent.start(settings);
    return (run = new WatchRun({ baseUrl: agent.url, idleTimeout, requestTimeout: 300 }));
  }

  /** Sees the stream go on, and that it is the first. */
  async function goesOn(watching: WatchRun, heartbeats: number): Promise<void> {
    await Promise.race([watching.events('heartbeat', heartbeats), watching.drops(1)]);
    expect(watching.ended).toEqual([]);
    expect(await watching.events('connected')).toHaveLength(1);
  }

  it.each([400, 800])('longer than idleTimeout (%d ms), while the agent beats on', async (idleTimeout) => {
    const watching = await watch({ beat: 50 }, idleTimeout);
    await watching.events('heartbeat', 4);
    await block(1.5 * idleTimeout);
    await watching.events('heartbeat', 8);
    await block(1.5 * idleTimeout);
    // Those that came meanwhile, and more than fit into a second after them.
    await goesOn(watching, 8 + (3 * idleTimeout + 1_000) / 50);
  });

  it('longer than what was left of idleTimeout, while the beat came that was due', async () => {
    const watching = await watch({}, 900);
    await watching.events('connected');
    agent.say('heartbeat');
    await watching.events('heartbeat', 1);
    // Not to be sure of anything: a silence that is allowed, and most of idleTimeout.
    await setTimeout(700);
    agent.say('heartbeat');
    await block(600);
    await goesOn(watching, 2);
    agent.say('heartbeat');
    await goesOn(watching, 3);
  });

  it('longer than idleTimeout, while the agent says its first connected', async () => {
    const watching = await watch({ first: 'heartbeat', beat: 50 }, 500);
    await watching.events('heartbeat');
    agent.say('connected');
    await block(800);
    await watching.events('connected');
    await goesOn(watching, 30);
  });

  it('longer than requestTimeout, while the agent answers /watch', async () => {
    const watching = await watch({ held: ['/watch'] }, 5_000);
    await agent.printed(/SEEN \/watch/);
    agent.answer();
    await block(700);
    await watching.events('connected');
    agent.say('heartbeat');
    await goesOn(watching, 1);
  });

  it('longer than requestTimeout, while the agent answers a call', async () => {
    agent = await BeatingAgent.start({ held: ['/deregister'] });
    const client = new HttpSidecarClient(
      shortOptions({ baseUrl: agent.url, requestTimeout: 300 }),
      new SystemClock(),
    );
    const who = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };
    const call = client.deregister(who);
    await agent.printed(/SEEN \/deregister/);
    agent.answer();
    await block(700);
    await expect(call).resolves.toMatchObject({ statusCode: 200 });
    await client.close();
  });
});
