import { describe, expect, it } from '@jest/globals';
import { type WatchErrorDetail, WatchError } from '../../../../lib/errors/watch.error.js';
import { CONNECTED, HEARTBEAT, ScriptedWatch } from '../../fixtures/scripted-source.js';

/** One connection, from its start to its end. */
interface Life {
  /** The milliseconds until `connected`, with a heartbeat at their start. */
  readonly before?: number;
  /** The milliseconds after each `connected`; none if it never came. */
  readonly lived?: readonly number[];
  /** Whether the agent accepts a register meanwhile. */
  readonly accepted?: boolean;
  /** Whether the agent ends the body in order. */
  readonly isOrderly?: boolean;
  /** What the error says if not. */
  readonly detail?: WatchErrorDetail;
}

/** Plays connections one after the other, and returns the wait after each. */
async function waitsOf(lives: readonly Life[]): Promise<number[]> {
  const watch = new ScriptedWatch();
  const { clock, service, source } = watch;
  const waits: number[] = [];
  service.start();
  for (const { before = 0, lived = [], accepted, isOrderly, detail } of lives) {
    source.last.emit(HEARTBEAT);
    await clock.advance(before);
    for (const milliseconds of lived) {
      source.last.emit(CONNECTED);
      await clock.advance(milliseconds);
    }
    if (accepted) service.confirm();
    await watch.endStream(isOrderly ? undefined : new WatchError('watch_stream_closed', 'reset', detail));
    const event = watch.events.at(-1);
    if (event?.type !== 'disconnected' || !event.nextRetryAt) throw new Error('no wait was told');
    const wait = event.nextRetryAt.getTime() - clock.now();
    waits.push(wait);
    const { length } = source.streams;
    await clock.advance(wait - 1);
    if (source.streams.length > length) throw new Error('it did not wait as long as it told');
    await clock.advance(1);
    if (source.streams.length === length) throw new Error('it waited longer than it told');
  }
  service.stop();
  return waits;
}

const FAILED: Life = {};
const HOUR = 3_600_000;

describe('the waits of WatchService', () => {
  it('double with each connection that fails, up to maxReconnectInterval', async () => {
    expect(await waitsOf([FAILED, FAILED, FAILED, FAILED, FAILED])).toEqual([
      500, 1_000, 2_000, 4_000, 4_000,
    ]);
  });

  it.each<[string, Life]>([
    ['a register and 10 s of life', { lived: [10_000], accepted: true }],
    ['a register and 10 s since the first connected', { lived: [9_000, 1_000], accepted: true }],
    ['a register and an end in order', { lived: [0], accepted: true, isOrderly: true }],
    ['a register and an end in order after 10 s', { lived: [10_000], accepted: true, isOrderly: true }],
  ])('begin again after %s', async (_what, life) => {
    expect(await waitsOf([FAILED, FAILED, life, FAILED])).toEqual([500, 1_000, 500, 1_000]);
  });

  it.each<[string, Life]>([
    ['a register and less than 10 s of life', { lived: [9_999], accepted: true }],
    ['10 s of which the stream was connected for less', { before: 9_999, lived: [1], accepted: true }],
    ['an hour without a register', { lived: [HOUR] }],
    ['an end in order without a register', { lived: [0], isOrderly: true }],
    ['an end in order before connected', { isOrderly: true }],
  ])('grow after %s', async (_what, life) => {
    expect(await waitsOf([FAILED, life, FAILED])).toEqual([500, 1_000, 2_000]);
  });

  it('grow if the register was accepted on the stream before', async () => {
    expect(await waitsOf([{ lived: [0], accepted: true }, { lived: [HOUR] }])).toEqual([500, 1_000]);
  });

  it('grow if the stable stream was the one before', async () => {
    const stable: Life = { lived: [HOUR], accepted: true };
    expect(await waitsOf([stable, { accepted: true }])).toEqual([500, 1_000]);
  });

  it.each([401, 403])('are the longest after a %d, which counts as one failure', async (statusCode) => {
    expect(await waitsOf([{ detail: { statusCode } }, FAILED])).toEqual([4_000, 1_000]);
  });

  it.each([
    [100, 500],
    [30_000, 30_000],
    [HOUR, 60_000],
  ])('after an answer that asks for %d ms last %d ms', async (retryAfter, wait) => {
    expect(await waitsOf([{ detail: { statusCode: 503, retryAfter } }, FAILED])).toEqual([wait, 1_000]);
  });
});
