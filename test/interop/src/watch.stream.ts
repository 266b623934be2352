import { EventEmitter, once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type AgentHttp, NoAnswerError, reasonOf } from './agent.http.js';
import { type Frame, SseParser } from './sse.parser.js';
import { eventOf } from './watch-event.js';

/** A frame or a comment, and when it arrived. */
export interface SignOfLife {
  readonly event: string;
  readonly frame?: Frame;
  /** Milliseconds of the monotonic clock. */
  readonly at: number;
}

/** An event stream and everything that arrived over it. */
export class WatchStream {
  readonly signs: SignOfLife[] = [];
  /** Violations of the format. */
  readonly faults: string[] = [];
  readonly skippedLines: string[] = [];
  readonly openedAt = performance.now();
  /** How the stream ended, `undefined` while it is open. */
  ended?: string;
  readonly #outgoing: ClientRequest;
  readonly #changes = new EventEmitter();

  private constructor(
    outgoing: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    this.#outgoing = outgoing;
    const parser = new SseParser({
      onFrame: (frame) => this.#onFrame(frame),
      onComment: () => this.#onSign({ event: 'comment', at: performance.now() }),
      onUnknownField: (line) => this.skippedLines.push(line),
    });
    response.on('data', (chunk: Uint8Array) => {
      try {
        parser.push(chunk);
      } catch {
        this.faults.push('bytes that are not UTF-8');
        this.#end('it was not readable');
        outgoing.destroy();
      }
    });
    response.once('end', () => this.#end('the agent ended it'));
    for (const source of [response, outgoing]) {
      source.on('error', (error: Error) => this.#end(`the connection broke (${reasonOf(error)})`));
    }
  }

  /**
   * Waits for the status and headers, of an error as well.
   *
   * @throws {NoAnswerError}
   */
  static open(http: AgentHttp): Promise<WatchStream> {
    return new Promise((resolve, reject) => {
      const outgoing = http.begin('GET', '/watch', 'text/event-stream');
      const giveUp = (why: string) => {
        clearTimeout(timer);
        reject(new NoAnswerError(why));
        outgoing.destroy();
      };
      const timer = setTimeout(() => giveUp(`no answer within ${http.timeout} ms`), http.timeout);
      outgoing.on('error', (error) => giveUp(reasonOf(error)));
      outgoing.once('response', (response) => {
        clearTimeout(timer);
        resolve(new WatchStream(outgoing, response));
      });
      outgoing.end();
    });
  }

  /**
   * Waits for a number of signs of life, but not longer than the stream or the time lasts.
   *
   * @param milliseconds from now on
   * @throws the reason of `stop`
   */
  async untilSigns(count: number, milliseconds: number, stop: AbortSignal): Promise<void> {
    stop.throwIfAborted();
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), milliseconds);
    const signal = AbortSignal.any([stop, over.signal]);
    try {
      while (this.signs.length < count && this.ended === undefined) {
        await once(this.#changes, 'change', { signal });
      }
    } catch {
      stop.throwIfAborted();
    } finally {
      clearTimeout(timer);
    }
  }

  /** The events so far, without comments. */
  get events(): readonly SignOfLife[] {
    return this.signs.filter(({ frame }) => frame !== undefined);
  }

  close(): void {
    this.#end('closed by this side');
    this.#outgoing.destroy();
  }

  #onFrame(frame: Frame): void {
    const event = eventOf(frame);
    if (event === undefined) this.faults.push(`data of "${frame.name}" starts like JSON and is not JSON`);
    this.#onSign({ event: event ?? 'broken', frame, at: performance.now() });
    if (event === 'disconnected') this.#end('the agent sent disconnected');
  }

  #onSign(sign: SignOfLife): void {
    if (this.ended !== undefined) return;
    this.signs.push(sign);
    this.#changes.emit('change');
  }

  #end(how: string): void {
    this.ended ??= how;
    this.#changes.emit('change');
  }
}
