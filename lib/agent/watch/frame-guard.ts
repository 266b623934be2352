import { WatchError } from '../../errors/watch.error.js';

const LF = 10;
const CR = 13;
const COLON = 58;
/** The bytes of U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Prepares the bytes of the event stream for the parser. It replaces CRLF and CR, which may be
 * split between two chunks, with LF. It limits a frame to `maxEventBytes`, line endings included,
 * so that the memory of the parser is bounded. A comment counts until its line ends, since the
 * parser drops it then.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class FrameGuard {
  readonly #maxEventBytes: number;
  #afterCr = false;
  /** The bytes of the complete lines of the current frame. */
  #frame = 0;
  /** The bytes of the current line. */
  #line = 0;
  #comment = false;
  /** The bytes of the byte order mark read so far; infinite after the start of the stream. */
  #mark = 0;

  constructor(maxEventBytes: number) {
    this.#maxEventBytes = maxEventBytes;
  }

  /**
   * Yields the chunk, without the first frame that is too large and all that follows it. So the
   * parser gets the same frames however the stream is cut into chunks.
   *
   * @throws {WatchError} `watch_event_parse` if a frame is too large, after the frames before it
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

  /**
   * Returns the number of bytes to pass on: all, or those before the first frame that is too large.
   */
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

  /**
   * Returns where the last frame of the chunk starts, if the current frame and the whole chunk
   * together are within the limit: no frame of the chunk is too large then.
   */
  #skipFrames(lines: Uint8Array, start: number): number {
    if (this.#frame + this.#line + lines.length > this.#maxEventBytes) return start;
    const blank = Buffer.from(lines.buffer, lines.byteOffset, lines.length).lastIndexOf('\n\n');
    if (blank < start) return start;
    this.#frame = 0;
    this.#line = 0;
    return blank + 2;
  }

  /** Returns where the first line starts: the byte order mark is not part of it. */
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
