import { beforeEach, describe, expect, it } from '@jest/globals';
import { WatchError } from '../../../../lib/errors/watch.error.js';
import { CONNECTED, HEARTBEAT, ScriptedWatch } from '../../fixtures/scripted-source.js';

const HOUR = 3_600_000;
const LOST = new WatchError('watch_stream_closed', 'reset');

describe('WatchService', () => {
  let watch: ScriptedWatch;

  beforeEach(() => {
    watch = new ScriptedWatch();
  });

  it('emits the events, then why the stream ended and when it connects again', async () => {
    const { clock, events, service, source } = watch;
    service.start();
    source.last.emit(CONNECTED);
    source.last.emit(HEARTBEAT);
    await clock.advance(3_000);
    await watch.endStream(LOST);
    const nextRetryAt = new Date(clock.now() + 500);
    expect(events).toEqual([CONNECTED, HEARTBEAT, { type: 'disconnected', error: LOST, nextRetryAt }]);
    await clock.advance(499);
    expect(source.streams).toHaveLength(1);
    await clock.advance(1);
    expect(clock.now()).toBe(nextRetryAt.getTime());
    expect(source.streams).toHaveLength(2);
  });

  it.each<[string, Error | undefined, object]>([
    [
      'the agent has ended it in order',
      undefined,
      { name: 'WatchError', kind: 'watch_stream_closed', message: 'the agent ended the event stream' },
    ],
    ['the source failed with a WatchError', LOST, LOST],
    ['the source failed with another error', new Error('odd'), { kind: 'runtime_error', message: 'odd' }],
  ])('reports the end of a stream if %s', async (_what, thrown, error) => {
    watch.connect();
    await watch.endStream(thrown);
    expect(watch.events).toMatchObject([{ type: 'disconnected', error }]);
  });

  it('opens one connection, however often it is started', async () => {
    watch.service.start();
    watch.service.start();
    await watch.clock.advance(0);
    expect(watch.source.streams).toHaveLength(1);
  });

  describe('stop()', () => {
    it('emits one last disconnected, without nextRetryAt, if the agent had sent connected', async () => {
      watch.connect();
      watch.service.stop();
      watch.service.stop();
      watch.source.last.emit(HEARTBEAT);
      await watch.endStream();
      await watch.clock.advance(HOUR);
      expect(watch.events).toEqual([{ type: 'disconnected', error: expect.any(WatchError) }]);
      expect(watch.events[0]).toMatchObject({
        error: { kind: 'watch_stream_closed', message: 'the watch was stopped' },
      });
      expect(watch.source.streams).toHaveLength(1);
    });

    it.each<[string, (watch: ScriptedWatch) => void]>([
      ['before connected', () => {}],
      ['though the agent sent heartbeats', ({ source }) => source.last.emit(HEARTBEAT)],
    ])('ends the connection and emits nothing %s', async (_when, before) => {
      const { events, service, source } = watch;
      service.start();
      before(watch);
      events.length = 0;
      service.stop();
      expect(source.last.signal.aborted).toBe(true);
      source.last.emit(CONNECTED);
      await watch.endStream(new WatchError('watch_connect', 'aborted'));
      await watch.clock.advance(HOUR);
      expect(events).toEqual([]);
      expect(source.streams).toHaveLength(1);
    });

    it.each<[string, () => void]>([
      ['a stream that was connected', () => watch.connect()],
      ['a connection that failed', () => watch.service.start()],
    ])('ends the wait after %s and emits nothing', async (_what, begin) => {
      begin();
      await watch.endStream(LOST);
      expect(watch.events).toHaveLength(1);
      watch.service.stop();
      expect(watch.clock.timers).toBe(0);
      await watch.clock.advance(HOUR);
      expect(watch.events).toHaveLength(1);
      expect(watch.source.streams).toHaveLength(1);
    });

    it('emits nothing more if a subscriber of disconnected calls it', async () => {
      watch.connect();
      watch.service.events$.subscribe(() => watch.service.stop());
      await watch.endStream(LOST);
      await watch.clock.advance(HOUR);
      expect(watch.events).toMatchObject([{ error: LOST }]);
      expect(watch.source.streams).toHaveLength(1);
    });

    it('emits nothing if the watch was never started', () => {
      watch.service.stop();
      expect(watch.events).toEqual([]);
    });
  });

  it('connects anew if it is started again, and emits no event of the stopped stream', async () => {
    watch.connect();
    const stopped = watch.source.last;
    watch.service.stop();
    watch.events.length = 0;
    watch.service.start();
    stopped.emit(CONNECTED);
    stopped.end();
    await watch.clock.advance(HOUR);
    expect(watch.events).toEqual([]);
    watch.source.last.emit(HEARTBEAT);
    expect(watch.events).toEqual([HEARTBEAT]);
    expect(watch.source.streams).toHaveLength(2);
  });
});
