import fc from 'fast-check';
import type { WatchFrame } from '../../../lib/protocol/watch-frame.js';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const textOf = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

/** Cuts bytes at some places; places that fall together make empty chunks. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places.map((place) => place % (bytes.length + 1)).sort((one, other) => one - other);
  return [0, ...sorted].map((start, index) => bytes.slice(start, sorted[index]));
}

/** The chunks as a body would give them. */
export async function* bodyOf(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
  return undefined;
}

/** Where to cut: from not at all to everywhere. */
export const places: fc.Arbitrary<number[]> = fc.oneof(
  fc.array(fc.nat({ max: 500 }), { maxLength: 8 }),
  fc.constant(Array.from({ length: 500 }, (_, index) => index)),
);

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'ok',
    '{"event":"connected"}',
    'connected',
    'open',
    'error',
    'message',
    '1',
    '\u0000',
    '\ufeff',
    ':',
  ),
);
const oneLine = words.map((text) => text.replace(/[\r\n]/g, ''));
const fields = fc
  .tuple(
    fc.constantFrom('data', 'data', 'event', 'id', 'retry', 'other', ''),
    fc.constantFrom(':', ': ', ':  '),
    oneLine,
  )
  .map((parts) => parts.join(''));
const line = fc.oneof(
  { weight: 5, arbitrary: fields },
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('data', 'event', 'id', ': heartbeat', ':', 'data:') },
  { weight: 1, arbitrary: oneLine },
);
const ending = fc.constantFrom('\n', '\r\n', '\r');

/** Streams of lines in every writing: all line endings, comments, data over several lines, any UTF-8, a mark in front. */
export const streams: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom('', '\ufeff'), fc.array(fc.tuple(line, ending), { maxLength: 25 }), oneLine)
  .map(([mark, lines, rest]) => bytesOf(mark + lines.flat().join('') + rest));

/** Bytes that may be no text at all, full of what means something in a stream. */
export const wildStreams: fc.Arbitrary<Uint8Array> = fc
  .array(fc.oneof(fc.constantFrom(10, 13, 58, 32), fc.integer({ min: 0, max: 255 })), { maxLength: 60 })
  .map((bytes) => Uint8Array.from(bytes));

/** Every line ending as LF, read off the whole stream at once. */
export function withLineFeeds(bytes: Uint8Array): Uint8Array {
  const latin = Buffer.from(bytes).toString('latin1').replace(/\r\n?/g, '\n');
  return Uint8Array.from(Buffer.from(latin, 'latin1'));
}

/** The most bytes that a parser has to hold at any moment: what a frame has so far, and the line that is being read. */
export function mostHeld(bytes: Uint8Array): number {
  const lines = Buffer.from(withLineFeeds(bytes))
    .toString('latin1')
    // A byte order mark, whole or all there is yet, is no part of a line.
    .replace(/^\u00ef(\u00bb\u00bf|\u00bb?$)/, '')
    .split(/(?<=\n)/);
  let frame = 0;
  let most = 0;
  for (const each of lines) {
    most = Math.max(most, frame + each.length);
    if (each === '\n') frame = 0;
    else if (!each.startsWith(':')) frame += each.length;
  }
  return most;
}

/** The frames of a stream by the rules of the WHATWG, read off the whole of it at once; an id is its own frame's. */
export function framesOf(bytes: Uint8Array): WatchFrame[] {
  const frames: WatchFrame[] = [];
  const fresh = () => ({ event: '', data: [] as string[], id: '' });
  let open = fresh();
  const text = new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n');
  for (const each of text.split('\n').slice(0, -1)) {
    if (each === '') {
      if (open.data.length > 0) {
        frames.push({ event: open.event || 'message', data: open.data.join('\n'), id: open.id });
      }
      open = fresh();
      continue;
    }
    const colon = each.indexOf(':');
    const name = colon < 0 ? each : each.slice(0, colon);
    const value = colon < 0 ? '' : each.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') open.data.push(value);
    if (name === 'event') open.event = value;
    if (name === 'id' && !value.includes('\u0000')) open.id = value;
  }
  return frames;
}
