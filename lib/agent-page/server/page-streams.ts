import type { ServerResponse } from 'node:http';

import type { PageEventMap } from '../view/page-state.js';
import { PAGE_HEADERS } from './page-headers.js';

/** The most pages that are open at a time. */
const STREAMS_LIMIT = 50;
/** The most bytes that wait for a page that does not read. */
const WAITING_LIMIT = 8 * 1024 * 1024;

/** The event streams of the pages that are open. */
export class PageStreams {
  readonly #responses = new Set<ServerResponse>();

  get isFull(): boolean {
    return this.#responses.size >= STREAMS_LIMIT;
  }

  get isEmpty(): boolean {
    return this.#responses.size === 0;
  }

  /** Turns a response into a stream. */
  open(response: ServerResponse, snapshot: PageEventMap['snapshot']): void {
    response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/event-stream' });
    // Browsers wait for seconds by default before they connect again.
    response.write(`retry: 500\n\n${frame('snapshot', snapshot)}`);
    this.#responses.add(response);
    response.once('close', () => this.#responses.delete(response));
  }

  send<K extends keyof PageEventMap>(event: K, data: PageEventMap[K]): void {
    if (this.isEmpty) return;
    const text = frame(event, data);
    for (const response of this.#responses) {
      // The page connects again, and gets a snapshot.
      if (response.writableLength > WAITING_LIMIT) response.destroy();
      else response.write(text);
    }
  }
}

function frame<K extends keyof PageEventMap>(event: K, data: PageEventMap[K]): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
