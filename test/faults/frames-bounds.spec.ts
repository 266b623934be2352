import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { chunk, type Script, ScriptedAgent, STREAM_HEAD } from '../support/scripted-agent.js';
import { type Flood, flood } from './support/frames-flood.js';
import { CONNECTED, heartbeat, inTurn, OpenStreams, says } from './support/frames-streams.js';
import { FrameWatch, type FrameWatchSettings } from './support/frames-watch.js';

const MIB = 1_048_576;
const HUNDRED_MB = 100_000_000;

describe('the bounds of the event stream', () => {
  let agent: ScriptedAgent;
  let watch: FrameWatch;
  const timers: NodeJS.Timeout[] = [];

  beforeEach(async () => {
    agent = await new ScriptedAgent().listen();
  });

  afterEach(async () => {
    timers.splice(0).forEach(clearInterval);
    watch.stop();
    await agent.close();
  });

  function start(settings?: FrameWatchSettings): void {
    watch = new FrameWatch(agent, settings);
  }

  /**
   * Writes one piece after the other, again and again, each well within the idle timeout of the one
   * before.
   */
  function trickle(socket: Socket, pieces: readonly (string | Buffer)[], every: number): void {
    let next = 0;
    const timer = setInterval(() => {
      socket.write(pieces[next % pieces.length] ?? '');
      next += 1;
    }, every);
    timers.push(timer);
    socket.once('close', () => clearInterval(timer));
  }

  describe('100 MB in one frame', () => {
    const kib = (line: string) => line.repeat(Math.ceil(1_024 / line.length));

    describe.each([
      ['before the first event', ''],
      ['after `connected`', CONNECTED],
    ])('%s', (_when, first) => {
      it.each([
        ['a data line that never ends', 'data: ', kib('x')],
        ['a comment that never ends', ': ', kib('x')],
        ['a field name that never ends', '', kib('x')],
        ['data lines without a blank line', '', kib('data: x\n')],
        ['data lines that end in CR', '', kib('data: x\r')],
        ['lines of unknown fields', '', kib('unknown: x\r\n')],
        ['event lines without data', '', kib('event: connected\n')],
      ])('%s: cut at the frame cap, memory bounded', async (_what, start_, kibibyte) => {
        let flooding: Promise<Flood> | undefined;
        const block = Buffer.from(kibibyte.repeat(64));
        const total = HUNDRED_MB + start_.length;
        const endless: Script = (socket) => {
          socket.write(STREAM_HEAD);
          if (first) socket.write(chunk(first));
          // One HTTP chunk as well: its size alone must make nobody set memory aside.
          socket.write(`${(total + block.length).toString(16)}\r\n${start_}`);
          flooding = flood(socket, block, total);
        };
        agent.scripts = { '/watch': inTurn(endless, says(CONNECTED)) };
        start();
        const error = await watch.drop();
        expect(error).toMatchObject({
          kind: 'watch_event_parse',
          message: expect.stringContaining('maxEventBytes'),
        });
        await watch.until(() => watch.events.at(-1)?.type === 'connected');
        const { written, growth } = await (flooding ?? Promise.reject(new Error('no stream')));
        // What the sockets of both ends hold on the way comes on top of the cap.
        expect(written).toBeLessThan(40 * MIB);
        expect(growth).toBeLessThan(60 * MIB);
        await agent.until(() => agent.open === 1);
      });
    });

    it('a frame just within the cap passes, a byte more is cut, and the option says where', async () => {
      const frame = (bytes: number) => `data: {"event":"heartbeat","x":"${'x'.repeat(bytes - 36)}"}\n\n`;
      expect(frame(900_000)).toHaveLength(900_000);
      agent.scripts = { '/watch': inTurn(says(frame(900_000), frame(900_001)), says(CONNECTED)) };
      start({ maxEventBytes: 900_000 });
      await watch.until(() => watch.events.length === 3);
      expect(watch.events).toMatchObject([
        { type: 'heartbeat' },
        {
          type: 'disconnected',
          error: { kind: 'watch_event_parse', message: expect.stringContaining('900000 bytes') },
        },
        { type: 'connected' },
      ]);
    });
  });

  describe('bytes trickling one at a time', () => {
    const idleTimeout = 400;

    it.each([
      ['a comment', [...': no end in sight ']],
      ['a frame', [...'data: no end in sight ']],
      ['many comments', [...':\n']],
      ['blank lines', ['\n']],
      ['whole heartbeats', [heartbeat('beat')]],
    ])('%s before `connected`: cut at the deadline of the first one', async (_what, pieces) => {
      let began = 0;
      const slow: Script = (socket) => {
        began = performance.now();
        socket.write(STREAM_HEAD);
        trickle(socket, pieces.map(chunk), 20);
      };
      agent.scripts = { '/watch': inTurn(slow, says(CONNECTED)) };
      start({ idleTimeout });
      expect(await watch.drop()).toMatchObject({
        kind: 'watch_idle_timeout',
        message: expect.stringContaining('did not send "connected"'),
      });
      expect(performance.now() - began).toBeLessThan(idleTimeout + 1_000);
      await watch.until(() => watch.events.at(-1)?.type === 'connected');
      await agent.until(() => agent.open === 1);
    });

    it('the head of the answer: cut at the deadline of the headers', async () => {
      let began = 0;
      const slow: Script = (socket) => {
        began = performance.now();
        trickle(socket, [...`${STREAM_HEAD.slice(0, -2)}x-slow: `], 20);
      };
      agent.scripts = { '/watch': inTurn(slow, says(CONNECTED)) };
      start({ requestTimeout: 300 });
      expect(await watch.drop()).toMatchObject({
        kind: 'watch_connect',
        message: expect.stringContaining('within 300 ms'),
      });
      expect(performance.now() - began).toBeLessThan(1_300);
      await watch.until(() => watch.events.at(-1)?.type === 'connected');
      await agent.until(() => agent.open === 1);
    });

    it('a frame after `connected`: its bytes are life, and it is cut at the cap', async () => {
      const slow: Script = (socket, request) => {
        says(CONNECTED)(socket, request);
        trickle(socket, [...'data: x'].map(chunk), 5);
      };
      agent.scripts = { '/watch': inTurn(slow, says(CONNECTED)) };
      start({ idleTimeout, maxEventBytes: 150 });
      expect(await watch.drop()).toMatchObject({
        kind: 'watch_event_parse',
        message: expect.stringContaining('maxEventBytes'),
      });
    });
  });

  it('comments without end are no frame: the stream lives on', async () => {
    const streams = new OpenStreams();
    agent.scripts = { '/watch': streams.script };
    start({ maxEventBytes: 100 });
    await watch.until(() => watch.events.length === 1);
    streams.say(`: ${'x'.repeat(80)}\n`.repeat(1_000) + heartbeat('still there'));
    await watch.until(() => watch.events.length === 2);
    expect(watch.messages).toEqual(['ok', 'still there']);
  });
});
