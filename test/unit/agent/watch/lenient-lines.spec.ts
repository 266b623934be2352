import { describe, expect, it } from '@jest/globals';
import fc from '../../../support/fast-check.js';
import { LenientLines } from '../../../../lib/agent/watch/lenient-lines.js';
import { bytesOf, cutAt, joined, places, textOf } from '../../fixtures/event-streams.js';

function passed(text: string, cuts: readonly number[] = []): string {
  const lines = new LenientLines();
  return textOf(joined(cutAt(bytesOf(text), cuts).flatMap((chunk) => lines.pass(chunk))));
}

describe('LenientLines', () => {
  it.each([
    ['event: connected\n\n', 'event: connected\ndata\n\n'],
    ['event\nid: 1\n\n', 'event\nid: 1\ndata\n\n'],
    ['event: a\ndata: b\n\nevent: c\n\n', 'event: a\ndata: b\n\nevent: c\ndata\n\n'],
    ['data\nevent: a\n\n', 'data\nevent: a\n\n'],
    ['  event: a\n\n', 'event: a\ndata\n\n'],
    [' \tdata: {\n  data: }\n\n', 'data: {\ndata: }\n\n'],
    ['\ufeff event: a\n\n', 'event: a\ndata\n\n'],
    ['\ufeffdata: ok\n\n', 'data: ok\n\n'],
  ])('makes %j into %j', (text, expected) => {
    expect(passed(text)).toBe(expected);
    expect(passed(text, [...bytesOf(text).keys()])).toBe(expected);
  });

  it.each([
    'id: 1\nevent: connected\ndata: {"event":"connected"}\n\n: beat\n\n',
    '\n\n\n',
    'id: 1\n\nretry: 1\n\n',
    'events: a\n\neventdata: b\n\n: event\n\n',
    '  \n\t\ndata: ok\n\n',
    'event: a\n  \ndata: ok\n\n',
    'data: a\n\n\ufeffevent\n\n',
  ])('passes on %j as it is', (text) => {
    expect(passed(text)).toBe(text);
  });

  it('passes on a chunk without a copy if nothing changes', () => {
    const chunk = bytesOf('event: a\ndata: b\n\n');
    const parts = new LenientLines().pass(chunk);
    expect(parts).toHaveLength(1);
    expect(parts[0]?.buffer).toBe(chunk.buffer);
  });

  it('holds back a line until it ends', () => {
    expect(passed('data: a\n\neve')).toBe('data: a\n\n');
    expect(passed('data: a')).toBe('');
  });

  it('passes on the same, however the stream is cut', () => {
    const line = fc.constantFrom(
      'event: a',
      ' event: a',
      'data: b',
      '\tdata',
      'id: é',
      ' : beat',
      '',
      '',
      ' ',
      'event',
      '\ufeff',
      'x',
    );
    const stream = fc
      .array(line, { maxLength: 30 })
      .map((lines) => lines.map((each) => `${each}\n`).join(''));
    fc.assert(
      fc.property(stream, places, (text, cuts) => {
        expect(passed(text, cuts)).toBe(passed(text));
      }),
      { numRuns: 500 },
    );
  });
});
