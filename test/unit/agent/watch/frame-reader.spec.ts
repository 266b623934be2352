import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import type { WatchFrame } from '../../../../lib/agent/protocol/watch-frame.js';
import { FrameGuard } from '../../../../lib/agent/watch/frame-guard.js';
import { readFrames } from '../../../../lib/agent/watch/frame-reader.js';
import { bodyOf, bytesOf, cutAt, framesOf, joined, places, streams } from '../../fixtures/event-streams.js';

const URL = 'http://127.0.0.1:15010';

async function* guarded(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  const guard = new FrameGuard(1_048_576);
  for await (const chunk of bodyOf(chunks)) yield* guard.pass(chunk);
  return undefined;
}

async function read(chunks: Iterable<Uint8Array>): Promise<WatchFrame[]> {
  const frames: WatchFrame[] = [];
  await readFrames(URL, guarded(chunks), (frame) => frames.push(frame));
  return frames;
}

const readText = (...texts: string[]) => read(texts.map(bytesOf));

const frame = (data: string, event = 'message', id = ''): WatchFrame => ({ event, data, id });

describe('readFrames, behind a FrameGuard', () => {
  it('reads the frames of an agent', async () => {
    const text =
      'id: 1\nevent: connected\ndata: {"event":"connected"}\n\n: heartbeat\n\nid: 2\nevent: heartbeat\ndata: ok\n\n';
    expect(await readText(text)).toEqual([
      frame('{"event":"connected"}', 'connected', '1'),
      frame('ok', 'heartbeat', '2'),
    ]);
  });

  it.each([
    ['LF', 'event: a\ndata: 1\ndata: 2\n\n'],
    ['CRLF', 'event: a\r\ndata: 1\r\ndata: 2\r\n\r\n'],
    ['bare CR', 'event: a\rdata: 1\rdata: 2\r\r'],
    ['a mixture', 'event: a\rdata: 1\r\ndata: 2\n\r'],
    ['a byte order mark', '\ufeffevent: a\ndata: 1\ndata: 2\n\n'],
    ['no space after the colon', 'event:a\ndata:1\ndata:2\n\n'],
    ['unknown fields', 'event: a\nname: b\ndata: 1\nretry: 0\nretry: x\ndata: 2\n\n'],
    ['comments in between', ':\nevent: a\n: b\ndata: 1\n:data: c\ndata: 2\n: d\n\n'],
  ])('reads a frame with %s', async (_what, text) => {
    expect(await readText(text)).toEqual([frame('1\n2', 'a')]);
    expect(await read(cutAt(bytesOf(text), [...bytesOf(text).keys()]))).toEqual([frame('1\n2', 'a')]);
  });

  it.each([
    ['data:  two spaces\n\n', ' two spaces'],
    ['data\n\n', ''],
    ['data:\n\n', ''],
    ['data:\ndata\n\n', '\n'],
    ['data: a:b\n\n', 'a:b'],
  ])('reads the data of %j', async (text, data) => {
    expect(await readText(text)).toEqual([frame(data)]);
  });

  it.each(['open', 'error', 'message', 'connected', 'constructor'])(
    'reads a frame named %s like any other',
    async (event) => {
      expect(await readText(`event: ${event}\ndata: ok\n\n`)).toEqual([frame('ok', event)]);
    },
  );

  it('reads a frame with an empty name as one without a name', async () => {
    expect(await readText('event: a\nevent:\ndata: ok\n\n')).toEqual([frame('ok')]);
  });

  it.each([
    ['a NUL in it, and ignores that', 'id: a\u0000b\ndata: ok\n\n', ''],
    ['a NUL in it after another one', 'id: a\nid: b\u0000\ndata: ok\n\n', 'a'],
    ['letters of every script', 'id: ☃漢\ndata: ok\n\n', '☃漢'],
    ['nothing in it', 'id\ndata: ok\n\n', ''],
  ])('reads an id with %s', async (_what, text, id) => {
    expect(await readText(text)).toEqual([frame('ok', 'message', id)]);
  });

  it('forgets the id of the previous frame', async () => {
    expect(await readText('id: 1\ndata: a\n\ndata: b\n\n')).toEqual([frame('a', 'message', '1'), frame('b')]);
  });

  it.each(['data: b', 'data: b\n', 'data: b\r', 'event: c\ndata: b\n', 'event: c\n\n', ': c\n\n', '\n\n'])(
    'drops the last frame if it is only %j',
    async (rest) => {
      expect(await readText(`data: a\n\n${rest}`)).toEqual([frame('a')]);
    },
  );

  it('reads nothing from an empty body', async () => {
    expect(await read([])).toEqual([]);
    expect(await readText('', '')).toEqual([]);
  });

  it('reads a frame of hundreds of KiB in any number of pieces', async () => {
    const data = '漢字'.repeat(100_000);
    const bytes = bytesOf(`event: connected\ndata: ${data}\n\n`);
    const cuts = Array.from({ length: 50 }, (_, index) => index * 12_345 + 1);
    expect(await read(cutAt(bytes, cuts))).toEqual([frame(data, 'connected')]);
  });

  it('replaces bytes that are not UTF-8', async () => {
    const bytes = joined([bytesOf('data: a'), Uint8Array.of(0xff, 0xe2, 0x98), bytesOf('b\n\n')]);
    for (const cuts of [[], [8], [9], [8, 9, 10]]) {
      expect(await read(cutAt(bytes, cuts))).toEqual([frame('a\ufffd\ufffdb')]);
    }
  });

  it('reads the same frames however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(streams, places, async (bytes, cuts) => {
        expect(await read(cutAt(bytes, cuts))).toEqual(framesOf(bytes));
      }),
      { numRuns: 500 },
    );
  });

  describe('when onFrame throws', () => {
    const refused = new Error('refused');

    it('rejects with it and passes on no further frame', async () => {
      const frames: string[] = [];
      const chunks = ['data: a\n\ndata: b\n\ndata: c\n\n', 'data: d\n\n'].map(bytesOf);
      const reading = readFrames(URL, bodyOf(chunks), ({ data }) => {
        frames.push(data);
        if (data === 'b') throw refused;
      });
      await expect(reading).rejects.toBe(refused);
      await setImmediate();
      expect(frames).toEqual(['a', 'b']);
    });

    it('reads no further', async () => {
      let asked = 0;
      const endless: AsyncIterator<Uint8Array> = {
        next: () => {
          asked += 1;
          return Promise.resolve({ done: false, value: bytesOf('data: a\n\n') });
        },
      };
      const reading = readFrames(URL, endless, () => {
        throw refused;
      });
      await expect(reading).rejects.toBe(refused);
      await setImmediate();
      expect(asked).toBe(1);
    });
  });

  it('rejects with the error of the body, after the frames before it', async () => {
    const reset = new Error('reset');
    async function* failing(): AsyncGenerator<Uint8Array, undefined> {
      yield await Promise.resolve(bytesOf('data: a\n\ndata: b'));
      throw reset;
    }
    const frames: WatchFrame[] = [];
    await expect(readFrames(URL, failing(), (each) => frames.push(each))).rejects.toBe(reset);
    expect(frames).toEqual([frame('a')]);
  });

  it('sets no timer to reconnect, whatever retry the agent asks for', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await readText('retry: 99999999999\ndata: a\n\n');
    const refusing = readFrames(URL, bodyOf([bytesOf('retry: 1\ndata: a\n\n')]), () => {
      throw new Error('refused');
    });
    await expect(refusing).rejects.toThrow('refused');
    await setImmediate();
    expect(timers).not.toHaveBeenCalled();
    timers.mockRestore();
  });
});
