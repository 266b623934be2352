import { WatchError } from '../../errors/watch.error.js';
import { afterReading } from '../../support/timing/after-reading.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import { addressOption, agentAt } from '../connection/agent-endpoint.js';
import { headersOf } from '../connection/agent-headers.js';
import type { Undici } from '../connection/undici-loader.js';
import type { AgentEvent } from '../protocol/connection-event.js';
import { readWatchFrame, type WatchFrame } from '../protocol/watch-frame.js';
import { FrameGuard } from './frame-guard.js';
import type { readFrames } from './frame-reader.js';
import type { IdleLimit } from './idle-limit.js';
import { LenientLines } from './lenient-lines.js';
import { IdleTimer } from './idle-timer.js';
import { WatchResponse } from './watch-response.js';
import type { WatchSettings } from './watch-settings.js';

/** What a connection needs beside its settings. */
export interface WatchConnectionParts {
  readonly clock: SidecarClock;
  readonly undici: Undici;
  readonly readFrames: typeof readFrames;
  /** What is known of the agent's silences, from this connection and those before. */
  readonly idleLimit: IdleLimit;
  /** Gets each event, in order, until the connection ends. */
  readonly onEvent: (event: AgentEvent) => void;
}

/**
 * One connection to the event stream. Each of its waits has a deadline: for the response headers,
 * for `connected`, and for each next byte. Whatever ends it first, {@link run} closes it.
 */
export class WatchConnection {
  readonly #settings: WatchSettings;
  readonly #parts: WatchConnectionParts;
  readonly #response: WatchResponse;
  #isOpen = true;
  #previous?: AgentEvent;
  #cancelDeadline = () => {};
  #idleTimer?: IdleTimer;

  constructor(settings: WatchSettings, parts: WatchConnectionParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#response = new WatchResponse(parts.undici, settings, parts.clock);
  }

  /**
   * Opens the connection and passes on its events until it ends.
   *
   * @returns when the agent has ended the stream, or `signal` has aborted
   * @throws {WatchError} if the connection fails or a deadline passes
   */
  async run(signal: AbortSignal): Promise<void> {
    let onAbort = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        onAbort = resolve;
        signal.addEventListener('abort', onAbort, { once: true });
        this.#stream(reject).then(resolve, reject);
      });
      this.#close();
    } catch (thrown) {
      this.#close(thrown as Error);
      throw thrown;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** @param failure why it is closed; absent if the watch was stopped or the agent ended it */
  #close(failure?: Error): void {
    this.#isOpen = false;
    this.#cancelDeadline();
    this.#idleTimer?.stop();
    this.#response.destroy(failure);
  }

  /** @param fail ends the connection at a deadline */
  async #stream(fail: (error: WatchError) => void): Promise<void> {
    const { requestTimeout, idleTimeout, endpoint } = this.#settings;
    const { clock, idleLimit, readFrames } = this.#parts;
    this.#setDeadline(requestTimeout, () => fail(this.#unansweredError()));
    const chunks = await this.#response.open();
    if (!this.#isOpen) return;
    this.#setDeadline(idleTimeout, () => fail(this.#unconnectedError()));
    this.#idleTimer = new IdleTimer(clock, idleLimit, (silent) => fail(this.#idleError(silent)));
    await readFrames(endpoint.origin, this.#guarded(chunks), (frame) => this.#onFrame(frame));
  }

  #setDeadline(milliseconds: number, onDeadline: () => void): void {
    this.#cancelDeadline();
    this.#cancelDeadline = afterReading(this.#parts.clock, milliseconds, onDeadline);
  }

  async *#guarded(chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
    const guard = new FrameGuard(this.#settings.maxEventBytes);
    const lines = new LenientLines();
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      this.#idleTimer?.restart();
      for (const part of guard.pass(next.value)) yield* lines.pass(part);
    }
    return undefined;
  }

  #onFrame(frame: WatchFrame): void {
    if (!this.#isOpen) return;
    const event = readWatchFrame(frame, this.#previous, headersOf(this.#settings.endpoint).redact);
    if (!event) return;
    this.#previous = event;
    if (event.type === 'connected') this.#cancelDeadline();
    this.#parts.onEvent(event);
  }

  #unansweredError(): WatchError {
    const { endpoint, requestTimeout } = this.#settings;
    if (this.#response.waitsForHeaders) {
      const late = `headers: the function did not settle within ${requestTimeout} ms (option requestTimeout)`;
      return new WatchError('watch_connect', `cannot call ${agentAt(endpoint)}: ${late}`);
    }
    const wait = `did not answer GET ${endpoint.watchPath} within ${requestTimeout} ms (option requestTimeout)`;
    const advice = `is it running? check ${addressOption(endpoint)}`;
    return new WatchError('watch_connect', `${agentAt(endpoint)} ${wait}: ${advice}`);
  }

  #unconnectedError(): WatchError {
    const { endpoint, idleTimeout } = this.#settings;
    const wait = `did not send "connected" within ${idleTimeout} ms (option idleTimeout)`;
    return new WatchError('watch_idle_timeout', `${agentAt(endpoint)} ${wait}`);
  }

  #idleError(silent: number): WatchError {
    const { current } = this.#parts.idleLimit;
    const next = current > silent ? `; next time after ${Math.round(current)} ms` : '';
    const wait = `sent nothing for ${Math.round(silent)} ms (option idleTimeout${next})`;
    return new WatchError('watch_idle_timeout', `${agentAt(this.#settings.endpoint)} ${wait}`);
  }
}
