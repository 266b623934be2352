import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpSidecarClient } from '../../lib/agent/client/http-sidecar-client.js';
import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { HttpEventSource } from '../../lib/agent/watch/http-event-source.js';
import { ScriptedAgent, type Scripts } from '../support/scripted-agent.js';
import { connecting, DeafAgent } from './support/deaf-agent.js';
import { shortOptions, WatchRun } from './support/watch-run.js';

const WHO = { appId: '10001', appInstanceId: 'one', serviceName: 'greeter', servicePort: 10500 };

async function until(condition: () => boolean, milliseconds = 5_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`in vain: ${condition.toString()}`);
    await setImmediate();
  }
}

/**
 * Aborts a watch that has got `there`, waits until nothing of it is left, and does so again: the
 * best time of all, for it is the code that is timed and not how busy this machine is.
 */
async function timedAborts(
  baseUrl: string,
  there: (round: number, events: number) => boolean,
  gone: () => boolean,
): Promise<number> {
  const source = new HttpEventSource(shortOptions({ baseUrl }), new SystemClock());
  const times: number[] = [];
  let events = 0;
  for (const round of [1, 2, 3]) {
    const abort = new AbortController();
    const watching = source.watch(() => void (events += 1), abort.signal);
    await until(() => there(round, events));
    const began = performance.now();
    abort.abort();
    await watching;
    times.push(performance.now() - began);
    await until(gone);
  }
  return Math.min(...times);
}

describe('an agent whose accept backlog is full: a black hole', () => {
  let agent: DeafAgent;
  let run: WatchRun | undefined;

  beforeEach(async () => {
    agent = await DeafAgent.start();
  });

  afterEach(async () => {
    run?.stop();
    run = undefined;
    await agent.kill();
  });

  it('connect deadline: the watch gives up after requestTimeout, leaves no socket behind, and retries', async () => {
    const began = performance.now();
    run = new WatchRun({ baseUrl: agent.url, requestTimeout: 200 });
    await until(() => connecting() === 1);
    const [error] = await run.drops(1);
    const took = performance.now() - began;
    expect(error?.kind).toBe('watch_connect');
    expect(error?.message).toContain('did not answer GET /watch within 200 ms');
    expect(took).toBeGreaterThan(190);
    expect(took).toBeLessThan(200 + 1_000);

    await run.drops(3);
    await until(() => connecting() <= 1);
    run.stop();
    await until(() => connecting() === 0);
  });

  it('connect deadline: a drain and a deregister give up after requestTimeout, and leave no socket behind', async () => {
    const options = shortOptions({ baseUrl: agent.url, requestTimeout: 200 });
    const client = new HttpSidecarClient(options, new SystemClock());
    for (const call of [
      () => client.drain({ ...WHO, gracePeriod: 1_000 }),
      () => client.deregister(WHO),
      () => client.deregister(WHO),
    ]) {
      const began = performance.now();
      await expect(call()).rejects.toMatchObject({ kind: 'sidecar_connection', code: 'ETIMEDOUT' });
      expect(performance.now() - began).toBeLessThan(200 + 1_000);
      await until(() => connecting() === 0);
    }
    await client.close();
  });

  it('the deadline of one call is not that of another which is connecting too', async () => {
    const options = shortOptions({ baseUrl: agent.url, requestTimeout: 200 });
    const client = new HttpSidecarClient(options, new SystemClock());
    const first = client.deregister(WHO).catch(() => performance.now());
    await until(() => connecting() === 1);
    await setTimeout(100);
    const began = performance.now();
    const second = client.deregister(WHO).catch(() => performance.now());
    await until(() => connecting() === 2);
    expect(await first).toBeLessThan(Number(await second));
    expect(Number(await second) - began).toBeGreaterThan(190);
    await until(() => connecting() === 0);
    await client.close();
  });

  it('an abort settles in under 50 ms and leaves no socket behind', async () => {
    const best = await timedAborts(
      agent.url,
      () => connecting() === 1,
      () => connecting() === 0,
    );
    expect(best).toBeLessThan(50);
  });

  it('closing the client ends a call that is still connecting, and leaves no socket behind', async () => {
    const client = new HttpSidecarClient(shortOptions({ baseUrl: agent.url }), new SystemClock());
    const failed = expect(client.deregister(WHO)).rejects.toMatchObject({ kind: 'sidecar_connection' });
    await until(() => connecting() === 1);
    const began = performance.now();
    await client.close();
    await failed;
    expect(performance.now() - began).toBeLessThan(1_000);
    await until(() => connecting() === 0);
  });
});

describe('an agent that accepts and goes no further', () => {
  const silent: Scripts = { '/watch': () => {} };
  let agent: ScriptedAgent;
  let run: WatchRun | undefined;

  afterEach(async () => {
    run?.stop();
    run = undefined;
    await agent.close();
  });

  it.each<{
    stage: string;
    scheme: string;
    scripts: Scripts;
    there: (round: number, events: number) => boolean;
  }>([
    {
      // To this agent a TLS handshake is no request, and it waits for one.
      stage: 'in the TLS handshake',
      scheme: 'https',
      scripts: silent,
      there: (round) => agent.accepted === round,
    },
    {
      stage: 'before the headers',
      scheme: 'http',
      scripts: silent,
      there: (round) => agent.to('/watch').length === round,
    },
    {
      stage: 'in the stream',
      scheme: 'http',
      scripts: {},
      there: (round, events) => events === round,
    },
  ])(
    'an abort $stage settles in under 50 ms and leaves no socket behind',
    async ({ scheme, scripts, there }) => {
      agent = await new ScriptedAgent(scripts).listen();
      const best = await timedAborts(`${scheme}://127.0.0.1:${agent.port}`, there, () => agent.open === 0);
      expect(best).toBeLessThan(50);
    },
  );

  it('connect deadline: a TLS handshake without an answer is given up after requestTimeout', async () => {
    agent = await new ScriptedAgent(silent).listen();
    run = new WatchRun({ baseUrl: `https://127.0.0.1:${agent.port}`, requestTimeout: 200 });
    const began = performance.now();
    const [error] = await run.drops(1);
    expect(performance.now() - began).toBeLessThan(200 + 1_000);
    expect(error?.message).toContain('did not answer GET /watch within 200 ms');
    await agent.until(() => agent.accepted >= 3 && agent.open <= 1);
  });
});
