import { WatchError } from '../../errors/watch.error.js';

const LF = 10;
const CR = 13;
const COLON = 58;
/** U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Stands between the socket and the parser of the event stream. It turns every line ending of the WHATWG format (LF, CRLF,
 * CR, split anywhere) into LF, and bounds what a parser must hold: a frame may have `maxEventBytes`, line endings
 * included. Comments count while they last and not after, since a parser drops them.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class FrameGuard {
  readonly #maxEventBytes: number;
  #afterCr = false;
  /** Bytes of the open frame's finished lines. */
  #frame = 0;
  /** Bytes of the open line. */
  #line = 0;
  #comment = false;
  /** Bytes of the byte order mark that the stream has begun with; infinite once it has gone on. */
  #mark = 0;

  constructor(maxEventBytes: number) {
    this.#maxEventBytes = maxEventBytes;
  }

  /**
   * Passes a chunk on. Of one with a frame that is too large, what comes before that frame: it is the same frames that arrive,
   * wherever the chunks are cut.
   *
   * @throws {WatchError} `watch_event_parse` after a frame that was too large
   */
  *pass(chunk: Uint8Array): Generator<Uint8Array, void> {
    const lines = this.#normalize(chunk);
    const passed = this.#measure(lines);
    if (passed > 0) yield lines.subarray(0, passed);
    if (passed < lines.length) throw this.#tooLarge();
  }

  #normalize(chunk: Uint8Array): Uint8Array {
    const skipFirst = this.#afterCr && chunk[0] === LF;
    if (chunk.length > 0) this.#afterCr = chunk[chunk.length - 1] === CR;
    const rest = skipFirst ? chunk.subarray(1) : chunk;
    if (!rest.includes(CR)) return rest;
    const lines = new Uint8Array(rest.length);
    let length = 0;
    for (let at = 0; at < rest.length; at += 1) {
      const byte = rest[at] ?? 0;
      if (byte === LF && at > 0 && rest[at - 1] === CR) continue;
      lines[length] = byte === CR ? LF : byte;
      length += 1;
    }
    return lines.subarray(0, length);
  }

  /** @returns how many bytes may pass: all, or those of the frames that came before one that is too large */
  #measure(lines: Uint8Array): number {
    let start = this.#skipFrames(lines, this.#skipMark(lines));
    let whole = 0;
    while (start < lines.length) {
      if (this.#line === 0) this.#comment = lines[start] === COLON;
      const end = lines.indexOf(LF, start);
      this.#line += (end < 0 ? lines.length : end + 1) - start;
      if (this.#frame + this.#line > this.#maxEventBytes) return whole;
      if (end < 0) break;
      start = end + 1;
      if (this.#line === 1) {
        this.#frame = 0;
        whole = start;
      } else if (!this.#comment) this.#frame += this.#line;
      this.#line = 0;
    }
    return lines.length;
  }

  /** Where a chunk would fit into the frame that is open, none of its frames is too large: only its last one is measured. */
  #skipFrames(lines: Uint8Array, start: number): number {
    if (this.#frame + this.#line + lines.length > this.#maxEventBytes) return start;
    const blank = Buffer.from(lines.buffer, lines.byteOffset, lines.length).lastIndexOf('\n\n');
    if (blank < start) return start;
    this.#frame = 0;
    this.#line = 0;
    return blank + 2;
  }

  /** A comment may come right after the mark, which is no part of a line. */
  #skipMark(lines: Uint8Array): number {
    let skipped = 0;
    while (this.#mark < BYTE_ORDER_MARK.length && skipped < lines.length) {
      if (lines[skipped] !== BYTE_ORDER_MARK[this.#mark]) {
        this.#line += this.#mark - skipped;
        this.#mark = Infinity;
        return 0;
      }
      skipped += 1;
      this.#mark += 1;
    }
    return skipped;
  }

  #tooLarge(): WatchError {
    return new WatchError(
      'watch_event_parse',
      `the agent sent an event of more than ${this.#maxEventBytes} bytes (option maxEventBytes)`,
    );
  }
}
