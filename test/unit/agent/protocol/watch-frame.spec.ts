import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { WatchError } from '../../../../lib/errors/watch.error.js';
import { readWatchFrame, type WatchFrame } from '../../../../lib/agent/protocol/watch-frame.js';
import { thrownBy } from '../../fixtures/fixtures.js';
import { anyCharacter } from '../../fixtures/any-character.js';

/** Builds a frame as the parser returns it: one without a name is called `message`. */
function frame(data: unknown, event = 'message', id = ''): WatchFrame {
  return { event, data: typeof data === 'string' ? data : JSON.stringify(data), id };
}

const HEARTBEAT = {
  event: 'heartbeat',
  message: 'watch stream is alive',
  service: 'sidecar-agent',
  status: 'ready',
  lifecycle_state: 'running',
  ready: true,
  generated_at: '2026-05-02T00:00:05Z',
};

describe('readWatchFrame', () => {
  it.each(['connected', 'heartbeat'] as const)('reads %s and what the agent reports about itself', (type) => {
    expect(readWatchFrame(frame({ ...HEARTBEAT, event: type }, type, '2'))).toEqual({
      type,
      id: '2',
      message: 'watch stream is alive',
      agent: { service: 'sidecar-agent', status: 'ready', lifecycleState: 'running', ready: true },
    });
  });

  it.each(['ok', 'OK', 'Ok', ' ok ', 'ok\n'])(
    'reads connected from a frame without a name whose data is %j',
    (data) => {
      expect(readWatchFrame(frame(data))).toMatchObject({ type: 'connected', message: data.trim() });
      expect(readWatchFrame(frame(data, ''))).toMatchObject({ type: 'connected' });
    },
  );

  it.each(['okay', '', 'not ok', '"ok"', 'o k'])(
    'ignores a frame without a name whose data is %p',
    (data) => {
      expect(readWatchFrame(frame(data))).toBeUndefined();
    },
  );

  it('reads the message from the data of a named frame if that is not JSON', () => {
    expect(readWatchFrame(frame('ok', 'connected', '1'))).toEqual({
      type: 'connected',
      id: '1',
      message: 'ok',
      agent: undefined,
    });
    expect(readWatchFrame(frame('still\nhere', 'heartbeat'))).toMatchObject({
      type: 'heartbeat',
      message: 'still here',
    });
    expect(readWatchFrame(frame('ok', 'heartbeat'))).toMatchObject({ type: 'heartbeat' });
    expect(readWatchFrame(frame('', 'heartbeat'))).toMatchObject({ type: 'heartbeat', message: '' });
  });

  it.each(['"{}"', 'a{', '7', 'true', 'null'])('reads the data %p as text', (data) => {
    expect(readWatchFrame(frame(data, 'heartbeat'))).toMatchObject({ message: data, agent: undefined });
  });

  describe('if both the frame and the JSON name the event', () => {
    it('the JSON has priority', () => {
      expect(readWatchFrame(frame({ event: 'connected' }, 'heartbeat'))).toMatchObject({ type: 'connected' });
      expect(readWatchFrame(frame({ event: 'heartbeat' }, 'connected'))).toMatchObject({ type: 'heartbeat' });
      expect(readWatchFrame(frame({ event: 'reloaded' }, 'connected'))).toBeUndefined();
      expect(() => readWatchFrame(frame({ event: 'disconnected' }, 'heartbeat'))).toThrow(WatchError);
    });

    it.each([undefined, '', null, 7, true, {}, ['heartbeat']])(
      'believes the frame where the JSON says %p',
      (event) => {
        expect(readWatchFrame(frame({ event }, 'connected'))).toMatchObject({ type: 'connected' });
        expect(readWatchFrame(frame({ event }))).toBeUndefined();
      },
    );
  });

  it('reads the type of a frame without a name from its JSON', () => {
    expect(readWatchFrame(frame({ event: 'connected' }))).toMatchObject({ type: 'connected' });
    expect(readWatchFrame(frame({ event: 'connected' }, ''))).toMatchObject({ type: 'connected' });
    expect(readWatchFrame(frame({ message: 'fine' }))).toBeUndefined();
  });

  it('reads a named frame whose JSON is a list', () => {
    expect(readWatchFrame(frame(['event', 'connected'], 'heartbeat'))).toMatchObject({
      type: 'heartbeat',
      message: '',
    });
    expect(readWatchFrame(frame(['connected']))).toBeUndefined();
  });

  it.each(['reloaded', 'open', 'error', 'Connected', 'ok', 'connected2'])('ignores the event %s', (event) => {
    expect(readWatchFrame(frame('ok', event))).toBeUndefined();
    expect(readWatchFrame(frame(HEARTBEAT, event))).toMatchObject({ type: 'heartbeat' });
    expect(readWatchFrame(frame({ event }))).toBeUndefined();
  });

  it.each<[string, WatchFrame]>([
    ['a name with white space around it', frame('ok', ' connected ')],
    ['an event with white space around it', frame({ event: ' connected ' })],
    ['a key in another letter case', frame({ Event: 'connected' })],
    ['a message that is ok, without a name', frame({ message: 'ok' })],
    ['a message that is OK, in another letter case', frame({ MESSAGE: ' OK ' })],
    ['no data', frame('', 'connected')],
  ])('reads connected, as the Go library does, from a frame with %s', (_what, given) => {
    expect(readWatchFrame(given)).toMatchObject({ type: 'connected' });
  });

  it('prefers the key in the letter case of the protocol', () => {
    const given =
      '{"EVENT":"disconnected","event":"heartbeat","Message":"a","Ready":true,"LIFECYCLE_STATE":"up"}';
    expect(readWatchFrame(frame(given))).toMatchObject({
      type: 'heartbeat',
      message: 'a',
      agent: { ready: true, lifecycleState: 'up' },
    });
  });

  it.each([{ message: 'not ok' }, { message: true }, { Events: 'connected' }, ['ok'], { ok: 'ok' }])(
    'ignores a frame without a name that says %j',
    (data) => {
      expect(readWatchFrame(frame(data))).toBeUndefined();
    },
  );

  it('throws watch_stream_closed for disconnected', () => {
    const thrown = thrownBy(() =>
      readWatchFrame(frame({ event: 'disconnected', message: 'bye\n' }, '', '9')),
    );
    expect(thrown).toBeInstanceOf(WatchError);
    expect(thrown).toMatchObject({
      kind: 'watch_stream_closed',
      message: 'the agent ended the event stream: bye',
      detail: { eventType: 'disconnected', eventId: '9' },
    });
    expect(() => readWatchFrame(frame('', 'disconnected'))).toThrow(
      'the agent ended the event stream: disconnected',
    );
  });

  describe('of data that starts like JSON and is malformed', () => {
    it.each(['{', '[', '{"event":"connected"', '[1,', '{}{}', '{ok}', ' \n{"a":}', '{"event":"heartbeat"}x'])(
      'throws a parse error: %j',
      (data) => {
        const thrown = thrownBy(() => readWatchFrame(frame(data, 'heartbeat', '7')));
        expect(thrown).toBeInstanceOf(WatchError);
        expect(thrown).toMatchObject({
          kind: 'watch_event_parse',
          detail: { eventType: 'heartbeat', eventId: '7', payload: data.trim() },
          cause: expect.any(SyntaxError),
        });
        expect(String(thrown)).toContain('malformed JSON in the event "heartbeat" (id "7")');
      },
    );

    it('calls a frame without a name a message', () => {
      for (const event of ['', 'message']) {
        const thrown = thrownBy(() => readWatchFrame(frame('{', event)));
        expect(thrown).toMatchObject({ detail: { eventType: 'message', eventId: '', payload: '{' } });
      }
    });

    it('bounds the detail and removes its control characters', () => {
      const data = `{\u001b\n${'x'.repeat(10_000_000)}`;
      const thrown = thrownBy(() =>
        readWatchFrame(frame(data, `${'e'.repeat(1_000)}\u0000`, 'i'.repeat(1_000))),
      );
      expect(thrown).toMatchObject({
        detail: {
          eventType: `${'e'.repeat(64)}…`,
          eventId: `${'i'.repeat(128)}…`,
          payload: `{ ${'x'.repeat(253)}…`,
        },
      });
      expect(String(thrown).length).toBeLessThan(512);
    });
  });

  it('copies what the agent reports about itself field by field and checks the types', () => {
    const wrong = {
      event: 'heartbeat',
      message: 7,
      service: {},
      status: null,
      lifecycle_state: [],
      ready: 'yes',
    };
    expect(readWatchFrame(frame(wrong))).toEqual({
      type: 'heartbeat',
      id: '',
      message: '',
      agent: undefined,
    });
    expect(readWatchFrame(frame({ ...HEARTBEAT, secret: 'x', ready: false }))?.agent).toEqual({
      service: 'sidecar-agent',
      status: 'ready',
      lifecycleState: 'running',
      ready: false,
    });
  });

  it('leaves out agent if the event reports nothing about it', () => {
    expect(readWatchFrame(frame('[]', 'heartbeat'))).toMatchObject({ agent: undefined });
    expect(readWatchFrame(frame('{}', 'heartbeat'))).toMatchObject({ agent: undefined });
    expect(readWatchFrame(frame('{"ready":false}', 'heartbeat'))?.agent).toEqual({ ready: false });
  });

  it('allows the white space of JSON before the data, and no other', () => {
    expect(readWatchFrame(frame(' \t\r\n{"event":"heartbeat"}'))?.type).toBe('heartbeat');
    expect(readWatchFrame(frame('\u00a0{not JSON', 'heartbeat'))?.message).toBe('{not JSON');
  });

  it('bounds every text', () => {
    const long = `a\u0007${'b'.repeat(1_000_000)}`;
    const cut = (limit: number) => `a ${'b'.repeat(limit - 2)}…`;
    const fields = { event: 'heartbeat', message: long, service: long, status: long, lifecycle_state: long };
    expect(readWatchFrame(frame(fields, '', long))).toEqual({
      type: 'heartbeat',
      id: cut(128),
      message: cut(256),
      agent: { service: cut(64), status: cut(64), lifecycleState: cut(64), ready: undefined },
    });
    expect(readWatchFrame(frame(long, 'heartbeat'))?.message).toBe(cut(256));
  });

  it('reads nothing from __proto__', () => {
    const data = '{"__proto__":{"event":"connected","ready":true},"event":"heartbeat"}';
    expect(readWatchFrame(frame(data))).toMatchObject({ type: 'heartbeat', agent: undefined });
    expect(readWatchFrame(frame('{"__proto__":{"event":"connected"}}'))).toBeUndefined();
  });

  it('reads any frame, or ignores it, or throws a WatchError', () => {
    const word = fc.constantFrom('connected', 'heartbeat', 'disconnected', 'message', '', 'ok', '{', '[');
    const text = fc.oneof(word, fc.string({ unit: anyCharacter }));
    const fields = fc.dictionary(
      fc.constantFrom('event', 'message', 'service', 'status', 'lifecycle_state', 'ready', '__proto__'),
      fc.oneof(word, fc.jsonValue()),
    );
    const data = fc.oneof(
      text,
      fc.json(),
      fields.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, data, text, (event, said, id) => {
        try {
          const read = readWatchFrame({ event, data: said, id });
          if (!read) return;
          expect(['connected', 'heartbeat']).toContain(read.type);
          expect(read.id.length).toBeLessThanOrEqual(129);
          expect(read.message.length).toBeLessThanOrEqual(257);
        } catch (thrown) {
          if (!(thrown instanceof WatchError)) throw thrown;
          expect(['watch_event_parse', 'watch_stream_closed']).toContain(thrown.kind);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('returns the same frozen object if the agent reports the same again', () => {
    const frame = { event: 'heartbeat', data: '{"status":"ready","ready":true}', id: '1' };
    const first = readWatchFrame(frame);
    expect(first?.agent).toEqual({ status: 'ready', ready: true });
    expect(Object.isFrozen(first?.agent)).toBe(true);
    expect(readWatchFrame(frame, first)?.agent).toBe(first?.agent);
    expect(readWatchFrame({ ...frame, data: '{"status":"ready","ready":false}' }, first)?.agent).toEqual({
      status: 'ready',
      ready: false,
    });
  });

  it('reads the same with any previous event', () => {
    const said = fc.constantFrom(
      '',
      ' ready ',
      'ready',
      'a\u0000b',
      'a b',
      'x'.repeat(64),
      'x'.repeat(65),
      `${'x'.repeat(64)}…`,
      null,
      7,
    );
    const fields = fc.record(
      { message: said, service: said, status: said, lifecycle_state: said, ready: fc.boolean() },
      { requiredKeys: [] },
    );
    const frame = fields.map((value) => ({ event: 'heartbeat', data: JSON.stringify(value), id: '1' }));
    fc.assert(
      fc.property(frame, frame, (first, second) => {
        expect(readWatchFrame(second, readWatchFrame(first))).toEqual(readWatchFrame(second));
      }),
      { numRuns: 1_000 },
    );
  });
});
