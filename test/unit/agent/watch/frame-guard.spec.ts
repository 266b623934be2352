import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { WatchError } from '../../../../lib/errors/watch.error.js';
import { FrameGuard } from '../../../../lib/agent/watch/frame-guard.js';
import { thrownBy } from '../../fixtures/fixtures.js';
import {
  bytesOf,
  cutAt,
  joined,
  mostHeld,
  places,
  streams,
  textOf,
  wildStreams,
  withLineFeeds,
} from '../../fixtures/event-streams.js';

const LARGE = 1_048_576;

function passed(chunks: readonly Uint8Array[], maxEventBytes = LARGE): Uint8Array {
  const guard = new FrameGuard(maxEventBytes);
  return joined(chunks.flatMap((chunk) => [...guard.pass(chunk)]));
}

const passedText = (texts: readonly string[], maxEventBytes?: number) =>
  textOf(passed(texts.map(bytesOf), maxEventBytes));

function isTooLarge(chunks: readonly Uint8Array[], maxEventBytes: number): boolean {
  try {
    passed(chunks, maxEventBytes);
    return false;
  } catch (thrown) {
    if (thrown instanceof WatchError) return true;
    throw thrown;
  }
}

describe('FrameGuard', () => {
  describe('of line endings', () => {
    it.each([
      [['data: a\n\n'], 'data: a\n\n'],
      [['data: a\r\n\r\n'], 'data: a\n\n'],
      [['data: a\r\r'], 'data: a\n\n'],
      [['a\r', '\nb'], 'a\nb'],
      [['a\r', '', '\nb'], 'a\nb'],
      [['a\r', '\rb'], 'a\n\nb'],
      [['a\r', '\n\nb'], 'a\n\nb'],
      [['a\r', '\n', '\nb'], 'a\n\nb'],
      [['a\r', '\n\rb'], 'a\n\nb'],
      [['a\r\n', '\nb'], 'a\n\nb'],
      [['a\n', '\rb'], 'a\n\nb'],
      [['a\n\r', '\n'], 'a\n\n'],
      [['\r', '\n', '\r', '\n'], '\n\n'],
      [['', ''], ''],
    ])('makes %j into %j', (chunks, text) => {
      expect(passedText(chunks)).toBe(text);
    });

    it('passes on a CR at the end of a chunk as the end of a line', () => {
      expect(textOf(joined([...new FrameGuard(LARGE).pass(bytesOf('data: ok\r\r'))]))).toBe('data: ok\n\n');
    });

    it('does not change the chunk', () => {
      const chunk = bytesOf('data: a\r\n\r\n');
      expect([...new FrameGuard(LARGE).pass(chunk)]).toHaveLength(1);
      expect(textOf(chunk)).toBe('data: a\r\n\r\n');
    });

    it.each([
      ['streams', streams],
      ['bytes', wildStreams],
    ])('passes on the same bytes with LF alone, however they are cut: %s', (_name, stream) => {
      fc.assert(
        fc.property(stream, places, (bytes, cuts) => {
          expect(passed(cutAt(bytes, cuts))).toEqual(withLineFeeds(bytes));
        }),
        { numRuns: 500 },
      );
    });
  });

  describe('of a frame that is too large', () => {
    it('throws a parse error that names the option', () => {
      const thrown = thrownBy(() => passedText(['data: 0123456789\n\n'], 16));
      expect(thrown).toBeInstanceOf(WatchError);
      expect(thrown).toMatchObject({ kind: 'watch_event_parse' });
      expect(String(thrown)).toContain('more than 16 bytes (option maxEventBytes)');
    });

    it.each([
      ['a frame, its blank line included', ['data: ok\n\n'], 10],
      ['a frame with CRLF, each counted once', ['data: ok\r\n\r\n'], 10],
      ['a frame of several lines', ['id: 1\ndata: a\ndata: b\n\n'], 23],
      ['a line that never ends', ['data: ', '0123456789', '0123456789'], 26],
      ['bytes, not characters', ['data: ☃\n\n'], 11],
      ['blank lines, one at a time', ['\n\n\n\n\n\n'], 1],
      ['the largest of several frames', ['data: 1\n\ndata: 123\n\ndata: 12\n\n'], 11],
      ['a comment, while it lasts', [': 0123456789\n'], 13],
      ['a comment within a frame, while it lasts', ['data: a\n: 0123456789\ndata: b\n\n'], 21],
      ['an open frame after a comment', [':c\ndata: a\ndata: b\n\n'], 17],
    ])('counts %s', (_what, chunks, size) => {
      const bytes = chunks.map(bytesOf);
      expect(isTooLarge(bytes, size)).toBe(false);
      expect(isTooLarge(bytes, size - 1)).toBe(true);
      expect(mostHeld(joined(bytes))).toBe(size);
    });

    it('throws at the first byte over the limit', () => {
      const guard = new FrameGuard(100);
      for (let count = 1; count <= 100; count += 1) expect([...guard.pass(bytesOf('a'))]).toHaveLength(1);
      expect(() => [...guard.pass(bytesOf('a'))]).toThrow(WatchError);
    });

    it('passes on the frames before it, however the stream is cut', () => {
      const text = 'data: 1\n\n: beat\ndata: 2\n\ndata: 0123456789\n\ndata: 3\n\n';
      const bytes = bytesOf(text);
      for (const cuts of [[], [3], [9], [...bytes.keys()]]) {
        const guard = new FrameGuard(16);
        const arrived: Uint8Array[] = [];
        const pass = () => {
          for (const chunk of cutAt(bytes, cuts)) for (const part of guard.pass(chunk)) arrived.push(part);
        };
        expect(pass).toThrow(WatchError);
        expect(textOf(joined(arrived))).toMatch(
          /^data: 1\n\n: beat\ndata: 2\n\n(data: 0*1*2*3*4*5*6*7*8*9*)?$/,
        );
      }
    });

    it.each([
      ['streams', streams],
      ['bytes', wildStreams],
    ])('throws exactly over the limit, however the stream is cut: %s', (_name, stream) => {
      fc.assert(
        fc.property(stream, places, fc.integer({ min: 1, max: 40 }), (bytes, cuts, over) => {
          const chunks = cutAt(bytes, cuts);
          const most = mostHeld(bytes);
          expect(isTooLarge(chunks, most)).toBe(false);
          expect(isTooLarge(chunks, Math.max(0, most - over))).toBe(most > 0);
        }),
        { numRuns: 500 },
      );
    });
  });

  describe('of comments', () => {
    const beats = Array.from({ length: 1_000 }, () => ': heartbeat\n');

    it('never adds them up, with and without blank lines between them', () => {
      expect(() => passedText(beats, 12)).not.toThrow();
      expect(() =>
        passedText(
          beats.map((beat) => `${beat}\n`),
          12,
        ),
      ).not.toThrow();
      expect(() => passedText([beats.join('')], 12)).not.toThrow();
    });

    it('never adds them to the frame around them', () => {
      const open = 'data: a\n';
      expect(() => passedText([open, ...beats, '\n'], open.length + 12)).not.toThrow();
      expect(() => passedText([open, ...beats, '\n'], open.length + 11)).toThrow(WatchError);
    });

    it('recognizes a comment by its first byte, wherever it is cut', () => {
      const lines = beats.flatMap((beat) => [...beat]);
      expect(() => passedText(lines, 12)).not.toThrow();
      expect(() => passedText(['data: a:b\n', ': c\n', '\n'], 14)).not.toThrow();
    });

    it('recognizes one after a byte order mark', () => {
      for (const mark of ['\ufeff', '']) {
        expect(() => passedText([`${mark}: 012345\n`, 'data: 012345\n\n'], 14)).not.toThrow();
        expect(() => passedText([...`${mark}: 012345\ndata: 012345\n\n`], 13)).toThrow(WatchError);
      }
      expect(passedText(['\ufeff: a\n'])).toBe('\ufeff: a\n');
    });

    it('never adds them up in any stream', () => {
      const comment = fc.string({ maxLength: 10, unit: 'grapheme-ascii' }).map((text) => `:${text}\n`);
      const frame = fc.string({ maxLength: 10, unit: 'grapheme-ascii' }).map((text) => `data:${text}\n\n`);
      const lines = fc.array(fc.oneof({ weight: 9, arbitrary: comment }, { weight: 1, arbitrary: frame }), {
        maxLength: 100,
      });
      fc.assert(
        fc.property(lines, places, (texts, cuts) => {
          expect(isTooLarge(cutAt(bytesOf(texts.join('')), cuts), 17)).toBe(false);
        }),
      );
    });
  });
});
