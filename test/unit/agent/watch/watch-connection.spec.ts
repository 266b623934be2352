import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WatchSettings } from '../../../../lib/agent/watch/watch-settings.js';
import { CONNECTED, heartbeat, OpenStreams, says } from '../../../faults/support/frames-streams.js';
import { ScriptedAgent } from '../../../support/scripted-agent.js';
import { OneWatch } from '../../fixtures/one-watch.js';

const HEARTBEAT = heartbeat('ok');

describe('a connection to the event stream', () => {
  let agent: ScriptedAgent;
  let watch: OneWatch;
  let streams: OpenStreams;

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
  });

  afterEach(async () => {
    watch.stop();
    await agent.close();
  });

  /** Opens it at an agent whose stream begins with `first`; without it the agent is silent. */
  async function open(first?: string, more?: Partial<WatchSettings>): Promise<void> {
    streams = new OpenStreams(first);
    agent.scripts = { '/watch': first === undefined ? () => {} : streams.script };
    watch = new OneWatch(agent, more);
    await agent.until(() => agent.requests.length === 1);
  }

  /** Expects that it ends with this error at this millisecond, not earlier, and leaves nothing. */
  async function expectEnd(milliseconds: number, error: object): Promise<void> {
    await watch.pass(milliseconds - 1 - watch.clock.elapsed());
    expect(watch.hasEnded).toBe(false);
    await watch.pass(1);
    expect(watch.hasEnded).toBe(true);
    await expect(watch.end).resolves.toMatchObject(error);
    await expectNothingLeft();
  }

  async function expectNothingLeft(): Promise<void> {
    await agent.until(() => agent.open === 0);
    expect(watch.clock.timers).toBe(0);
    expect(getEventListeners(watch.signal, 'abort')).toEqual([]);
  }

  it('ends if the agent does not answer within requestTimeout', async () => {
    await open();
    const advice = 'is it running? check baseUrl (agents listen on port 15010 or 18600)';
    await expectEnd(2_000, {
      kind: 'watch_connect',
      message: `the sidecar-agent at ${agent.url} did not answer GET /watch within 2000 ms (option requestTimeout): ${advice}`,
    });
  });

  it('ends if the agent does not send connected within idleTimeout, heartbeats or not', async () => {
    await open(HEARTBEAT);
    await watch.types(1);
    await watch.pass(10_000);
    streams.say(HEARTBEAT);
    await watch.types(2);
    await expectEnd(15_000, {
      kind: 'watch_idle_timeout',
      message: `the sidecar-agent at ${agent.url} did not send "connected" within 15000 ms (option idleTimeout)`,
    });
  });

  it.each([
    [15_000, '; next time after 30000 ms'],
    [300_000, ''],
  ])('ends if the agent is silent for an idleTimeout of %d ms: %j', async (idleTimeout, next) => {
    await open(CONNECTED, { idleTimeout });
    await watch.types(1);
    await watch.pass(10_000);
    streams.say(HEARTBEAT);
    await watch.types(2);
    await expectEnd(10_000 + idleTimeout, {
      kind: 'watch_idle_timeout',
      message: `the sidecar-agent at ${agent.url} sent nothing for ${idleTimeout} ms (option idleTimeout${next})`,
    });
  });

  it('ignores events that the module does not know', async () => {
    await open(CONNECTED + 'event: news\ndata: ok\n\n' + HEARTBEAT);
    expect(await watch.types(2)).toEqual(['connected', 'heartbeat']);
    expect(watch.hasEnded).toBe(false);
  });

  it('ends without an error if the agent ends the body', async () => {
    await open(CONNECTED);
    await watch.types(1);
    streams.last.end('0\r\n\r\n');
    await expect(watch.end).resolves.toBeUndefined();
    await expectNothingLeft();
  });

  describe('if the watch is stopped', () => {
    it('sends no request before the libraries are loaded', async () => {
      watch = new OneWatch(agent);
      watch.stop();
      await expect(watch.end).resolves.toBeUndefined();
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      expect(agent.accepted).toBe(0);
    });

    it.each<[string, string | undefined]>([
      ['while it waits for the answer', undefined],
      ['while it waits for connected', HEARTBEAT],
      ['while it waits for the next event', CONNECTED],
    ])('ends without an error %s', async (_when, first) => {
      await open(first);
      if (first) await watch.types(1);
      expect(getEventListeners(watch.signal, 'abort')).toHaveLength(1);
      watch.stop();
      await expect(watch.end).resolves.toBeUndefined();
      await expectNothingLeft();
    });

    it('ends without an error in the moment of the answer', async () => {
      const stop = () => watch.stop();
      subscribe('undici:request:headers', stop);
      try {
        await open(CONNECTED);
        await expect(watch.end).resolves.toBeUndefined();
        await expectNothingLeft();
      } finally {
        unsubscribe('undici:request:headers', stop);
      }
    });

    it('passes on no event after the end', async () => {
      // Each event without data is a part of its own, which the parser takes in another turn.
      agent.scripts = { '/watch': says(CONNECTED, 'event: heartbeat\n\n'.repeat(20)) };
      watch = new OneWatch(agent);
      watch.onEvent(() => watch.stop());
      await expect(watch.end).resolves.toBeUndefined();
      await setImmediate();
      expect(watch.late).toEqual([]);
    });
  });
});
