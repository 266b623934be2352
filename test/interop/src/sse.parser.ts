/** One dispatched event. */
export interface Frame {
  /** `message` if the frame has no name. */
  readonly name: string;
  readonly data: string;
  /** The latest id of the stream, empty if there was none. */
  readonly id: string;
}

export interface SseListener {
  onFrame(frame: Frame): void;
  onComment(): void;
  /** Called for a line with an unknown field, which readers skip. */
  onUnknownField(line: string): void;
}

/** Parses the WHATWG event stream format. Unlike the usual parsers, it reports comments too. */
export class SseParser {
  readonly #listener: SseListener;
  // Drops a byte order mark, and throws if the bytes are not UTF-8.
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #rest = '';
  #isAfterCr = false;
  #name = '';
  #data: string[] = [];
  #id = '';

  constructor(listener: SseListener) {
    this.#listener = listener;
  }

  /** @throws {TypeError} if the bytes are not UTF-8 */
  push(chunk: Uint8Array): void {
    let text = this.#decoder.decode(chunk, { stream: true });
    if (text === '') return;
    // A CR ends its line immediately. An LF at the start of the next chunk belongs to it.
    if (this.#isAfterCr && text.startsWith('\n')) text = text.slice(1);
    this.#isAfterCr = text.endsWith('\r');
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return this.#listener.onComment();
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id') this.#id = value.includes('\0') ? this.#id : value;
    else if (field !== 'retry') this.#listener.onUnknownField(line);
  }

  #dispatch(): void {
    const name = this.#name || 'message';
    const data = this.#data;
    this.#name = '';
    this.#data = [];
    // The format drops frames without data.
    if (data.length > 0) this.#listener.onFrame({ name, data: data.join('\n'), id: this.#id });
  }
}
