import { WatchError } from '../errors/watch.error.js';

const LF = 10;
const CR = 13;
const COLON = 58;

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

  constructor(maxEventBytes: number) {
    this.#maxEventBytes = maxEventBytes;
  }

  /**
   * Passes a chunk on.
   *
   * @throws {WatchError} `watch_event_parse` where a frame is too large
   */
  pass(chunk: Uint8Array): Uint8Array {
    const lines = this.#normalize(chunk);
    this.#measure(lines);
    return lines;
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

  #measure(lines: Uint8Array): void {
    let start = 0;
    while (start < lines.length) {
      if (this.#line === 0) this.#comment = lines[start] === COLON;
      const end = lines.indexOf(LF, start);
      this.#line += (end < 0 ? lines.length : end + 1) - start;
      if (this.#frame + this.#line > this.#maxEventBytes) throw this.#tooLarge();
      if (end < 0) return;
      if (this.#line === 1) this.#frame = 0;
      else if (!this.#comment) this.#frame += this.#line;
      this.#line = 0;
      start = end + 1;
    }
  }

  #tooLarge(): WatchError {
    return new WatchError(
      'watch_event_parse',
      `the agent sent an event of more than ${this.#maxEventBytes} bytes (option maxEventBytes)`,
    );
  }
}
