import type { ServerResponse } from 'node:http';

import type { AgentWatchChange } from '../agent-event-map.js';
import { renderWatchFrame } from '../wire/watch-frames.js';
import type { WatchStyle } from '../wire/watch-frames.js';

/** What {@link WatchStreams} works with. */
export interface WatchStreamsContext {
  readonly style: WatchStyle;
  readonly maxStreams: number;
  /** Milliseconds. */
  readonly heartbeatInterval: number;
  /** Called before every heartbeat. */
  readonly isSilent: () => boolean;
  readonly onChange: (change: AgentWatchChange) => void;
}

/** The open watch streams of an agent, and their heartbeats. */
export class WatchStreams {
  readonly #context: WatchStreamsContext;
  readonly #heartbeats = new Map<ServerResponse, NodeJS.Timeout>();

  constructor(context: WatchStreamsContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#heartbeats.size;
  }

  get isFull(): boolean {
    return this.size >= this.#context.maxStreams;
  }

  /** Turns a response into a stream: headers, `connected`, then heartbeats until it closes. */
  open(response: ServerResponse): void {
    const { style, heartbeatInterval, isSilent } = this.#context;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(renderWatchFrame(style, 'connected', 1, new Date()));
    let id = 1;
    const heartbeat = setInterval(() => {
      // Heartbeats for a client that does not read would fill memory.
      if (isSilent() || response.writableNeedDrain) return;
      response.write(renderWatchFrame(style, 'heartbeat', ++id, new Date()));
    }, heartbeatInterval);
    this.#heartbeats.set(response, heartbeat);
    response.once('close', () => this.#forget(response));
    this.#context.onChange({ type: 'opened', watchers: this.size });
  }

  /** Writes raw text to every open stream. */
  write(text: string): void {
    for (const response of this.#heartbeats.keys()) response.write(text);
  }

  /** Destroys every stream without a proper end, like a broken connection. */
  drop(): void {
    for (const response of [...this.#heartbeats.keys()]) {
      this.#forget(response);
      response.destroy();
    }
  }

  #forget(response: ServerResponse): void {
    const heartbeat = this.#heartbeats.get(response);
    if (heartbeat === undefined) return;
    clearInterval(heartbeat);
    this.#heartbeats.delete(response);
    this.#context.onChange({ type: 'closed', watchers: this.size });
  }
}
