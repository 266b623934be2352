import type { ServerResponse } from 'node:http';

import type { PageEventMap } from '../view/page-state.js';
import { PAGE_HEADERS } from './page-headers.js';

/** The most pages that are open at a time. */
const STREAMS_LIMIT = 50;
/** The most bytes that wait for a page, beside a snapshot. */
const WAITING_LIMIT = 1024 * 1024;
/** How long a page may take to read what waits for it, in milliseconds. */
const DRAINED_WITHIN = 10_000;

/** The event stream of a page. */
interface PageStream {
  /** Set while the page is behind: it gets no changes, but a snapshot if it has missed some. */
  deadline?: NodeJS.Timeout;
  hasMissed: boolean;
}

/** The event streams of the pages that are open. */
export class PageStreams {
  readonly #snapshot: () => PageEventMap['snapshot'];
  readonly #drainedWithin: number;
  readonly #streams = new Map<ServerResponse, PageStream>();

  /**
   * @param snapshot returns what a page starts with
   * @param drainedWithin how long a page may take to read what waits for it, in milliseconds
   */
  constructor(snapshot: () => PageEventMap['snapshot'], drainedWithin = DRAINED_WITHIN) {
    this.#snapshot = snapshot;
    this.#drainedWithin = drainedWithin;
  }

  get isFull(): boolean {
    return this.#streams.size >= STREAMS_LIMIT;
  }

  get isEmpty(): boolean {
    return this.#streams.size === 0;
  }

  /** Turns a response into a stream. */
  open(response: ServerResponse): void {
    const snapshot = this.#snapshot();
    const stream: PageStream = { hasMissed: false };
    this.#streams.set(response, stream);
    response.once('close', () => {
      clearTimeout(stream.deadline);
      this.#streams.delete(response);
    });
    response.on('drain', () => this.#drained(response, stream));
    response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/event-stream' });
    // Browsers wait for seconds by default before they connect again.
    response.write('retry: 500\n\n');
    if (!response.write(frame('snapshot', snapshot))) this.#wait(response, stream);
  }

  send<K extends keyof PageEventMap>(event: K, data: PageEventMap[K]): void {
    if (this.isEmpty) return;
    const text = frame(event, data);
    for (const [response, stream] of this.#streams) {
      if (stream.deadline !== undefined) stream.hasMissed = true;
      else if (!response.write(text) && response.writableLength > WAITING_LIMIT) this.#wait(response, stream);
    }
  }

  #drained(response: ServerResponse, stream: PageStream): void {
    clearTimeout(stream.deadline);
    // The page stays behind while the snapshot is made, which may send changes to the others.
    const snapshot = stream.hasMissed ? this.#snapshot() : undefined;
    stream.deadline = undefined;
    stream.hasMissed = false;
    if (snapshot && !response.write(frame('snapshot', snapshot))) this.#wait(response, stream);
  }

  /** Waits until the page has read, and closes its stream if it does not: it connects again. */
  #wait(response: ServerResponse, stream: PageStream): void {
    stream.deadline = setTimeout(() => response.destroy(), this.#drainedWithin).unref();
  }
}

function frame<K extends keyof PageEventMap>(event: K, data: PageEventMap[K]): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
