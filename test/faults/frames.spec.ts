import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { ScriptedAgent } from '../support/scripted-agent.js';
import { CONNECTED, heartbeat, inTurn, OpenStreams, says } from './support/frames-streams.js';
import { FrameWatch, type FrameWatchSettings } from './support/frames-watch.js';

/** How a stream can end. */
const ENDS: Record<string, (socket: Socket) => void> = {
  RST: (socket) => void socket.resetAndDestroy(),
  FIN: (socket) => void socket.end(),
  'the end of the body': (socket) => void socket.end('0\r\n\r\n'),
};

describe('frames of the event stream', () => {
  let agent: ScriptedAgent;
  let watch: FrameWatch;

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
  });

  afterEach(async () => {
    watch.stop();
    await agent.close();
  });

  function start(settings?: FrameWatchSettings): FrameWatch {
    watch = new FrameWatch(agent, settings);
    return watch;
  }

  describe.each(Object.keys(ENDS))('%s in mid-frame', (name) => {
    it.each([
      ['lacks its blank line', 'event: connected\nid: 7\ndata: ok\n'],
      ['stops within a line', 'event: connected\nid: 7\ndata: o'],
    ])('a frame that %s is thrown away, and the next stream begins anew', async (_what, part) => {
      const first = new OpenStreams(heartbeat('before') + part);
      // Half a frame that would be a whole one behind what is left of the first stream.
      agent.scripts = { '/watch': inTurn(first.script, says('data: the next\n\n', CONNECTED)) };
      start();
      // It stands in the same bytes as the half frame: that has arrived as well.
      await watch.until(() => watch.messages.includes('before'));
      ENDS[name]?.(first.last);
      await watch.until(() => watch.messages.includes('ok'));
      expect(watch.messages).toEqual(['before', 'ok']);
      expect(watch.events.map(({ type }) => type)).toEqual(['heartbeat', 'disconnected', 'connected']);
      expect(watch.events.at(-1)).toMatchObject({ id: '' });
      expect(await watch.drop()).toMatchObject({ kind: 'watch_stream_closed' });
      expect(agent.to('/watch').map(({ headers }) => headers['last-event-id'])).toEqual([
        undefined,
        undefined,
      ]);
    });
  });

  describe('malformed JSON', () => {
    it.each(['{"event":"heartbeat",', '[1,', '{} and more', '{"event":"connected"\u0000}', '[NaN]'])(
      '%j: watch_event_parse with type and id, reconnect',
      async (data) => {
        agent.scripts = {
          '/watch': inTurn(says(CONNECTED + `event: heartbeat\nid: 41\ndata: ${data}\n\n`), says(CONNECTED)),
        };
        start();
        const error = await watch.drop();
        expect(error).toMatchObject({
          kind: 'watch_event_parse',
          detail: { eventType: 'heartbeat', eventId: '41' },
        });
        expect(error.cause).toBeInstanceOf(SyntaxError);
        // eslint-disable-next-line no-control-regex
        expect(error.detail.payload).toBe(data.replace(/\u0000/g, ' '));
        await watch.until(() => watch.events.length === 3);
        expect(watch.events.map(({ type }) => type)).toEqual(['connected', 'disconnected', 'connected']);
      },
    );

    it('keeps what it tells of type, id and payload bounded and free of control characters', async () => {
      const long = 'x'.repeat(100_000);
      agent.scripts = {
        '/watch': inTurn(says(`event: a\u0007${long}\nid: b\u001b${long}\ndata: {\u0007${long}\n\n`), says()),
      };
      start();
      const { message, detail } = await watch.drop();
      const told = JSON.stringify([message, detail]);
      expect(told.length).toBeLessThan(1_500);
      expect(told).not.toMatch(/\\u00/);
      expect(detail).toMatchObject({
        eventType: expect.stringMatching(/^a x+…$/),
        eventId: expect.stringMatching(/^b x+…$/),
        payload: expect.stringMatching(/^\{ x+…$/),
      });
    });

    it('what follows it in the same bytes is not read any more', async () => {
      agent.scripts = { '/watch': inTurn(says('data: {\n\n', CONNECTED), says(CONNECTED)) };
      start();
      await watch.until(() => watch.events.length === 2);
      expect(watch.events.map(({ type }) => type)).toEqual(['disconnected', 'connected']);
      expect(agent.to('/watch')).toHaveLength(2);
    });
  });

  describe('wrong types, unknown fields, `__proto__` in the JSON', () => {
    async function read(json: string, name = 'heartbeat'): Promise<unknown> {
      const streams = new OpenStreams(`event: ${name}\nid: 5\ndata: ${json}\n\n` + heartbeat('the end'));
      agent.scripts = { '/watch': streams.script };
      start();
      await watch.until(() => watch.messages.includes('the end'));
      return watch.events.length === 2 ? watch.events[0] : undefined;
    }

    it.each([
      ['numbers', '{"message":1,"service":2,"status":3,"lifecycle_state":4,"ready":5}'],
      ['objects', '{"message":{},"service":{},"status":{},"lifecycle_state":{},"ready":{}}'],
      ['lists', '{"message":["a"],"service":["a"],"status":[],"lifecycle_state":[],"ready":[true]}'],
      ['null', '{"message":null,"service":null,"status":null,"lifecycle_state":null,"ready":null}'],
      ['text for a boolean', '{"ready":"true"}'],
      ['a list for the whole', '["connected"]'],
      ['an event that is no text', '{"event":{"type":"connected"}}'],
    ])('%s: named fields are copied with their type checked', async (_what, json) => {
      expect(await read(json)).toEqual({ type: 'heartbeat', id: '5', message: '' });
    });

    it('the rest is dropped', async () => {
      const read1 = await read(
        '{"event":"heartbeat","message":"alive","service":"a","ready":true,"unknown":1,"type":"connected","id":"9"' +
          ',"__proto__":{"polluted":true,"status":"bad"},"constructor":{"prototype":{"polluted":true}}}',
      );
      expect(read1).toEqual({
        type: 'heartbeat',
        id: '5',
        message: 'alive',
        agent: { service: 'a', ready: true },
      });
      expect(JSON.stringify(read1)).not.toContain('polluted');
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    });

    it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
      'an event named %s is ignored',
      async (name) => {
        expect(await read(`{"event":"${name}"}`)).toBeUndefined();
        expect(watch.messages).toEqual(['the end']);
      },
    );

    it('a hundred thousand brackets within brackets are no crash', async () => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      expect(await read(`{"event":"connected","message":"deep","service":${deep}}`)).toMatchObject({
        type: 'connected',
        message: 'deep',
      });
    });
  });
});
