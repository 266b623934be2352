import { describe, expect, it } from '@jest/globals';
import { SidecarConnectionError } from '../../../../lib/errors/sidecar-connection.error.js';
import { WatchError } from '../../../../lib/errors/watch.error.js';
import type { RegistrationEvent } from '../../../../lib/registration/machine/registration-event.js';
import type { RegistrationRules } from '../../../../lib/registration/machine/registration-state.js';
import type { TimelineEntry } from '../../../../lib/status/timeline.js';
import { NewsRun } from '../../fixtures/news-run.js';
import {
  AT,
  connected,
  deadline,
  disconnected,
  leave,
  no,
  notRegistered,
  quiet,
  ready,
  reassertDue,
  recalled,
  refusal,
  remaining,
  requested,
  resumed,
  retryDue,
  SECOND,
  UNKNOWN,
  updated,
  workers,
  yes,
} from '../../fixtures/registration-events.js';

const REGISTERED = yes(1, { dialect: 'node', state: 'Registered', instanceId: 'auth-1' });
const ENDED: RegistrationEvent = {
  type: 'lost',
  error: new WatchError('watch_stream_closed', 'the agent ended the event stream'),
  at: AT,
};
const LOSS: RegistrationEvent = { ...connected, loss: 'the registration is gone' };
const GONE: RegistrationEvent = {
  type: 'lost',
  error: new WatchError(
    'watch_connect',
    'cannot reach the agent',
    {},
    {
      cause: new SidecarConnectionError('http://127.0.0.1:15010', 'ECONNREFUSED', 'refused'),
    },
  ),
  at: AT,
};

/** What happens, or for how many milliseconds nothing does. */
type Played = RegistrationEvent | number;

async function timelineOf(
  played: readonly Played[],
  rules: Partial<RegistrationRules> = {},
): Promise<readonly TimelineEntry[]> {
  const run = new NewsRun(rules);
  for (const one of played) {
    if (typeof one === 'number') await run.clock.advance(one);
    else run.play(one);
  }
  return run.timeline;
}

const textsOf = async (...given: Parameters<typeof timelineOf>) =>
  (await timelineOf(given[0], given[1])).map(({ text }) => text);

describe('the timeline', () => {
  it('tells of a start', async () => {
    const timeline = await timelineOf([ready, 40, connected, 10, REGISTERED]);
    expect(timeline).toEqual([
      {
        at: '2026-11-21T20:05:29.000Z',
        lastAt: '2026-11-21T20:05:29.000Z',
        count: 1,
        type: 'started',
        phase: 'connecting',
        cause: null,
        errorKind: null,
        text: 'started auth on port 10500',
      },
      expect.objectContaining({ type: 'connected', phase: 'registering', text: 'connected to the agent' }),
      expect.objectContaining({
        at: '2026-11-21T20:05:29.050Z',
        type: 'registered',
        phase: 'registered',
        text: 'registered auth on port 10500',
      }),
    ]);
  });

  it('knows a restart of the agent by the connection that it refused', async () => {
    const played = [
      ready,
      connected,
      REGISTERED,
      5_000,
      ENDED,
      disconnected,
      1_000,
      GONE,
      disconnected,
      2_150,
      connected,
      50,
      yes(2),
    ];
    const timeline = await timelineOf(played);
    expect(timeline.slice(3)).toEqual([
      expect.objectContaining({
        type: 'disconnected',
        cause: 'the agent ended the event stream',
        errorKind: 'watch_stream_closed',
        text: 'lost the event stream: the agent ended the event stream',
      }),
      expect.objectContaining({ type: 'error', errorKind: 'watch_connect', text: 'cannot reach the agent' }),
      expect.objectContaining({
        type: 'connected',
        text: 'connected again after 3.1 s: the agent restarted',
      }),
      expect.objectContaining({
        type: 'registered',
        cause: 'the agent restarted',
        text: 'registered again after 3.2 s: the agent restarted',
      }),
    ]);
  });

  it.each<[string, readonly Played[]]>([
    ['once', [LOSS, 10, yes(2)]],
    ['twice before the register is accepted', [LOSS, 5, LOSS, 5, yes(2), yes(3)]],
    ['and refuses the first register', [LOSS, 5, notRegistered(2), 5, retryDue, yes(3)]],
  ])('tells that the agent had lost the registration, %s', async (_what, played) => {
    const timeline = await timelineOf([ready, connected, REGISTERED, 5_000, ...played]);
    expect(timeline.filter(({ type }) => type === 'registered').map(({ text }) => text)).toEqual([
      'registered auth on port 10500',
      'registered again after 0.0 s: the registration is gone',
    ]);
    expect(timeline.filter(({ type }) => type === 'updated')).toEqual([]);
  });

  it('says no more than it knows of a stream that ended', async () => {
    const texts = await textsOf([
      ready,
      connected,
      REGISTERED,
      ENDED,
      disconnected,
      1_000,
      connected,
      yes(2),
    ]);
    expect(texts.slice(-2)).toEqual([
      'connected again after 1.0 s: the agent ended the event stream',
      'registered again after 1.0 s: the agent ended the event stream',
    ]);
  });

  it('tells of a stream that a watch of your own lost without an error', async () => {
    const texts = await textsOf([ready, connected, disconnected, connected]);
    expect(texts.slice(-2)).toEqual([
      'lost the event stream: the event stream was lost',
      'connected again after 0.0 s: the event stream was lost',
    ]);
  });

  it('does not take an old loss for the cause of a new one', async () => {
    const texts = await textsOf([
      ready,
      ENDED,
      connected,
      ENDED,
      disconnected,
      connected,
      disconnected,
      connected,
    ]);
    expect(texts.at(-1)).toBe('connected again after 0.0 s: the event stream was lost');
  });

  it('counts a failure that repeats, and dates its first and last time', async () => {
    const attempts = Array.from({ length: 5 }, (): Played[] => [GONE, disconnected, 1_000]).flat();
    const timeline = await timelineOf([ready, ...attempts]);
    expect(timeline).toHaveLength(2);
    expect(timeline[1]).toMatchObject({
      at: '2026-11-21T20:05:29.000Z',
      lastAt: '2026-11-21T20:05:33.000Z',
      count: 5,
    });
  });

  it('tells of a re-assertion only if the agent refused it', async () => {
    const quietly = await textsOf([ready, connected, REGISTERED, reassertDue, yes(2)]);
    expect(quietly).toHaveLength(3);
    const refused = [reassertDue, notRegistered(2, refusal(500, 'busy')), 2_000, retryDue, yes(3)];
    const texts = await textsOf([ready, connected, REGISTERED, ...refused]);
    expect(texts.slice(3)).toEqual([
      expect.stringMatching(/^register failed: .*busy/),
      expect.stringMatching(/^registered again after 2.0 s: register failed: .*busy/),
    ]);
  });

  it('tells of a change that the agent accepted', async () => {
    const texts = await textsOf([ready, connected, REGISTERED, updated, yes(2)]);
    const { methods } = SECOND;
    expect(texts.at(-1)).toBe(`updated to weight 10, ${methods.length} methods, 1 route`);
  });

  it('tells of a drain and a deregister of your code, and that it is resumed', async () => {
    const drained = [requested({ operation: 'drain' }), yes(2), 1_000, resumed, yes(3), yes(4)];
    expect((await textsOf([ready, connected, REGISTERED, ...drained])).slice(3)).toEqual([
      'draining: drain() was called',
      'drained, so that routers stop sending new calls',
      'resumed: resume() was called',
      'registered again after 1.0 s: resume() was called',
    ]);
    const failed = [requested({ operation: 'deregister' }), no(2, refusal(500, 'busy'))];
    expect((await textsOf([ready, connected, REGISTERED, ...failed])).slice(3)).toEqual([
      expect.stringMatching(/^deregister failed: .*busy/),
    ]);
    const notDrained = [requested({ operation: 'drain' }), no(2, refusal(500, 'busy'))];
    expect((await textsOf([ready, connected, REGISTERED, ...notDrained])).slice(3)).toEqual([
      'draining: drain() was called',
      expect.stringMatching(/^drain failed: .*busy/),
    ]);
    const unknown = [requested({ operation: 'deregister' }), no(2, UNKNOWN)];
    expect((await textsOf([ready, connected, REGISTERED, ...unknown])).slice(3)).toEqual([
      expect.stringMatching(/^deregister failed: .*not found/),
      'deregistered: deregister() was called',
    ]);
  });

  it('tells of a drain by another client, and of one that another process takes back', async () => {
    const elsewhere = [reassertDue, yes(2, { state: 'Draining' }), 1_000, recalled, yes(3), yes(4)];
    expect((await textsOf([ready, connected, REGISTERED, ...elsewhere])).slice(3)).toEqual([
      'draining: another client of the agent drained the instance',
      'resumed: another process on the port has taken its drain back',
      'registered again after 1.0 s: another process on the port has taken its drain back',
    ]);
  });

  it('tells of a shutdown', async () => {
    const left = [leave, yes(2), quiet, yes(3), quiet];
    expect((await timelineOf([ready, connected, REGISTERED, ...left])).slice(3)).toEqual([
      expect.objectContaining({
        type: 'draining',
        phase: 'draining',
        text: 'draining: the shutdown has begun',
      }),
      expect.objectContaining({ type: 'drained' }),
      expect.objectContaining({ type: 'deregistered', text: 'deregistered: the service shuts down' }),
      expect.objectContaining({ type: 'stopped', phase: 'stopped', text: 'left the mesh' }),
    ]);
    expect((await textsOf([ready, connected, REGISTERED, leave, deadline])).at(-1)).toBe(
      'left the mesh: the time limit of the shutdown was reached',
    );
  });

  it.each([
    [1, '1 other process serves the port'],
    [2, '2 other processes serve the port'],
  ])('tells of a shutdown that leaves the port to %i', async (others, cause) => {
    const flat = yes(1, { dialect: 'flat', state: 'Serving', instanceId: 'auth-1' });
    const left = [leave, remaining(others), quiet];
    const texts = await textsOf([ready, workers(others + 1), connected, flat, ...left]);
    expect(texts.at(-1)).toBe(`left the mesh: ${cause}`);
  });

  it('is empty if the module is turned off', async () => {
    expect(await timelineOf([ready, connected, leave], { enabled: false })).toEqual([]);
  });

  it('does not take a failure of DNS for a restart of the agent', async () => {
    const cause = new SidecarConnectionError('http://agent:15010', 'EAI_AGAIN', 'no DNS');
    const error = new WatchError('watch_connect', 'cannot reach the agent', {}, { cause });
    const unknown: RegistrationEvent = { type: 'lost', error, at: AT };
    const timeline = await timelineOf([
      ready,
      connected,
      ENDED,
      disconnected,
      unknown,
      disconnected,
      connected,
    ]);
    expect(timeline.at(-1)?.cause).toBe('the agent ended the event stream');
  });

  it('has no errors if the module is turned off', async () => {
    const failed: RegistrationEvent = { type: 'error', error: UNKNOWN, at: AT };
    expect(await timelineOf([ready, failed, leave], { enabled: false })).toEqual([]);
  });
});
