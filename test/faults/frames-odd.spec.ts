import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ScriptedAgent } from '../support/scripted-agent.js';
import { SystemClock } from '../../lib/support/timing/sidecar-clock.js';
import { CONNECTED, heartbeat, inTurn, OpenStreams, says } from './support/frames-streams.js';
import { FrameWatch, type FrameWatchSettings } from './support/frames-watch.js';

/** What the agent's events say of themselves. */
type Told = [type: string, message: string, id: string];

describe('odd bytes in the event stream', () => {
  let agent: ScriptedAgent;
  let watch: FrameWatch;

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
  });

  afterEach(async () => {
    watch.stop();
    await agent.close();
  });

  function start(settings?: FrameWatchSettings): void {
    watch = new FrameWatch(agent, settings);
  }

  const told = () =>
    watch.events.map((event): Told => {
      return event.type === 'disconnected' ? [event.type, '', ''] : [event.type, event.message, event.id];
    });

  it.each<[string, string, Told[]]>([
    ['a BOM', '\uFEFFevent: connected\ndata: ok\n\n', [['connected', 'ok', '']]],
    ['CRLF', 'event: connected\r\nid: 3\r\ndata: ok\r\n\r\n', [['connected', 'ok', '3']]],
    ['bare CR', 'event: connected\rid: 3\rdata: ok\r\r', [['connected', 'ok', '3']]],
    ['a mixture of the three', 'event: connected\rid: 3\ndata: ok\r\n\r', [['connected', 'ok', '3']]],
    [
      'a data line for each word',
      'data: o\ndata: k\n\nevent: heartbeat\rdata: a\r\ndata:  b\n\n',
      [['heartbeat', 'a  b', '']],
    ],
    ['a NUL in the id', 'id: 1\u00002\nevent: connected\ndata: ok\n\n', [['connected', 'ok', '']]],
    ['an id that is not Latin-1', 'id: ☃\nevent: connected\ndata: ok\n\n', [['connected', 'ok', '☃']]],
    [
      'an id of a megabyte less',
      `id: ${'9'.repeat(900_000)}\n${CONNECTED}`,
      [['connected', 'ok', `${'9'.repeat(128)}…`]],
    ],
    ['`event: error`', `event: error\ndata: x\n\n${CONNECTED}`, [['connected', 'ok', '']]],
    ['`event: open`', `event: open\ndata: x\n\n${CONNECTED}`, [['connected', 'ok', '']]],
    ['`event: error` without data', `event: error\n\n${CONNECTED}`, [['connected', 'ok', '']]],
    [
      '`event: error` that means `connected`',
      'event: error\ndata: {"event":"connected"}\n\n',
      [['connected', '', '']],
    ],
    ['events nobody knows', `event: x\ndata: {}\n\nevent:\ndata\n\nevent: message\ndata: ok!\n\n`, []],
    ['fields nobody knows', `x\n:\nx: y\n${CONNECTED}`, [['connected', 'ok', '']]],
    ['`connected` without data', 'id: 3\nevent: connected\n\n', [['connected', '', '3']]],
    ['`connected` after two spaces', 'event:  connected\ndata: ok\n\n', [['connected', 'ok', '']]],
    ['`connected` with spaces in JSON', 'data: {"event":" connected "}\n\n', [['connected', '', '']]],
    ['a key in another letter case', 'data: {"Event":"connected"}\n\n', [['connected', '', '']]],
    ['a nameless message that is ok', 'data: {"message":"ok"}\n\n', [['connected', 'ok', '']]],
    [
      'white space before fields',
      '  event: connected\n\tdata: ok\n \t: beat\n  id: 3\n\n',
      [['connected', 'ok', '3']],
    ],
    ['a nameless OK', 'data: OK\n\n', [['connected', 'OK', '']]],
    [
      'control characters',
      'event: connected\ndata: \u0000a\u001b[31mb\u0085\n\n',
      [['connected', 'a [31mb', '']],
    ],
  ])('%s: parsed or ignored, and the next stream is as good as any', async (_what, bytes, expected) => {
    const odd = new OpenStreams(bytes + heartbeat('the end'));
    agent.scripts = { '/watch': inTurn(odd.script, says(CONNECTED)) };
    start();
    await watch.until(() => watch.messages.includes('the end'));
    expect(told().slice(0, -1)).toEqual(expected);
    odd.last.resetAndDestroy();
    await watch.until(() => watch.events.length === expected.length + 3);
    expect(told().slice(-2)).toEqual([
      ['disconnected', '', ''],
      ['connected', 'ok', ''],
    ]);
    expect(agent.to('/watch').map(({ headers }) => headers['last-event-id'])).toEqual([undefined, undefined]);
  });

  it('bytes that are no UTF-8: replaced', async () => {
    const bytes = Buffer.from('event: connected\ndata: a?b\n\n');
    bytes[bytes.indexOf('?')] = 0xff;
    agent.scripts = { '/watch': says(bytes) };
    start();
    await watch.until(() => watch.events.length === 1);
    expect(told()).toEqual([['connected', 'a\uFFFDb', '']]);
  });

  it.each(['\n', '\r\n', '\r'])(
    'a frame whose lines end in %j is read before anything follows',
    async (end) => {
      const streams = new OpenStreams(`event: connected${end}data: ok${end}${end}`);
      agent.scripts = { '/watch': streams.script };
      start();
      await watch.until(() => watch.events.length === 1);
      expect(told()).toEqual([['connected', 'ok', '']]);
    },
  );

  describe('split between chunks', () => {
    const text = 'héllo wörld – 日本 🜚';

    it.each([
      ['UTF-8', `event: connected\ndata: ${text}\n\n`],
      ['CRLF', `event: connected\r\ndata: ${text}\r\n\r\n`],
      ['bare CR', `event: connected\rdata: ${text}\r\r`],
      ['JSON', `event: x\ndata: {"event":"connected",\ndata: "message":"${text}"}\n\n`],
    ])('%s, at every byte of it', async (_what, frame) => {
      const bytes = Buffer.from(frame);
      const streams = new OpenStreams();
      agent.scripts = { '/watch': streams.script };
      start();
      const expected: Told[] = [['connected', 'ok', '']];
      await watch.until(() => watch.events.length === 1);
      for (let at = 1; at < bytes.length; at += 1) {
        // The beat shows that the bytes before the cut have been read on their own.
        const beat = `beat ${at}`;
        streams.say(Buffer.concat([Buffer.from(heartbeat(beat)), bytes.subarray(0, at)]));
        await watch.until(() => watch.messages.at(-1) === beat);
        streams.say(bytes.subarray(at));
        await watch.until(() => watch.messages.at(-1) === text);
        expected.push(['heartbeat', beat, ''], ['connected', text, '']);
      }
      expect(told()).toEqual(expected);
    });

    it('the BOM, byte by byte', async () => {
      const streams = new OpenStreams('');
      agent.scripts = { '/watch': streams.script };
      start();
      await agent.until(() => streams.sockets.length === 1);
      for (const byte of Buffer.from(`\uFEFF${CONNECTED}`)) {
        streams.say(Uint8Array.of(byte));
        // One turn of the loop, so that the byte is read before the next one comes.
        await new Promise((resolve) => setImmediate(resolve));
      }
      await watch.until(() => watch.events.length === 1);
      expect(told()).toEqual([['connected', 'ok', '']]);
    });
  });

  describe('our own bounds hold', () => {
    /** Never waits, and remembers for how long it was to. */
    class RecordingClock extends SystemClock {
      readonly sleeps: number[] = [];

      override random(): number {
        return 0;
      }

      override sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
        this.sleeps.push(milliseconds);
        return super.sleep(0, signal);
      }
    }

    it.each(['0', '1', '99999999999', '9'.repeat(400), '-1', '1.5', '0x10', ''])(
      '`retry: %s`',
      async (retry) => {
        const streams = new OpenStreams(`retry: ${retry}\n\nretry: ${retry}\n${CONNECTED}`);
        agent.scripts = { '/watch': streams.script };
        const clock = new RecordingClock();
        start({ reconnectInterval: 1_000, maxReconnectInterval: 5_000, clock });
        for (const turn of [1, 2, 3, 4, 5]) {
          await watch.until(() => watch.events.length === 2 * turn - 1);
          streams.last.end('0\r\n\r\n');
          await watch.drop(turn);
        }
        await watch.until(() => watch.events.length === 11);
        expect(clock.sleeps).toEqual([500, 1_000, 2_000, 2_500, 2_500]);
        expect(agent.to('/watch')).toHaveLength(6);
      },
    );
  });
});
