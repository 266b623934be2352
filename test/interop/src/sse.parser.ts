/** One dispatched event. */
export interface Frame {
  /** `message` where the frame names none. */
  readonly name: string;
  readonly data: string;
  /** The last id so far, empty where there was none. */
  readonly id: string;
}

export interface SseListener {
  onFrame(frame: Frame): void;
  onComment(): void;
  /** A line whose field the format does not know, which readers skip. */
  onUnknownField(line: string): void;
}

/** Reads the WHATWG format of event streams, comments included: the usual parsers keep those to themselves. */
export class SseParser {
  readonly #listener: SseListener;
  // Drops a byte order mark, and throws on bytes that are no UTF-8.
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #rest = '';
  #isAfterCr = false;
  #name = '';
  #data: string[] = [];
  #id = '';

  constructor(listener: SseListener) {
    this.#listener = listener;
  }

  /** @throws {TypeError} for bytes that are no UTF-8 */
  push(chunk: Uint8Array): void {
    let text = this.#decoder.decode(chunk, { stream: true });
    if (text === '') return;
    // A CR ends its line at once, for nothing may follow for a while; an LF that does belongs to it.
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
    // A frame without data is none.
    if (data.length > 0) this.#listener.onFrame({ name, data: data.join('\n'), id: this.#id });
  }
}
