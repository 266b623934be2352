import { describe, expect, it } from '@jest/globals';
import { SseParser } from './src/sse.parser.js';

/** Parses a text in chunks of `size` bytes, and lists everything that the parser reported. */
function read(text: string, size = Infinity): unknown[] {
  const seen: unknown[] = [];
  const parser = new SseParser({
    onFrame: ({ name, data, id }) => seen.push([name, data, id]),
    onComment: () => seen.push('comment'),
    onUnknownField: (line) => seen.push({ line }),
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
  return seen;
}

describe('SseParser', () => {
  it.each(['\n', '\r', '\r\n'])('reads frames and comments whose lines end with %j, in any chunks', (end) => {
    const lines = [
      '\uFEFFid: 1',
      'event: connected',
      'data: ö',
      'data:  k',
      '',
      ': beat',
      'data',
      '',
      'x: y',
      '',
    ];
    const text = lines.join(end) + end;
    const seen = [['connected', 'ö\n k', '1'], 'comment', ['message', '', '1'], { line: 'x: y' }];
    expect(read(text)).toEqual(seen);
    expect(read(text, 1)).toEqual(seen);
    expect(read(text, 3)).toEqual(seen);
  });

  it('drops a frame without data, and keeps one back until its blank line', () => {
    expect(read('event: connected\n\ndata: ok\n')).toEqual([]);
  });

  it('refuses bytes that are not UTF-8', () => {
    const parser = new SseParser({ onFrame: () => {}, onComment: () => {}, onUnknownField: () => {} });
    expect(() => parser.push(Buffer.from([0xff]))).toThrow('not valid');
  });
});
