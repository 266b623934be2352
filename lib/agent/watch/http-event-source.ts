import { addressOf } from '../connection/agent-endpoint.js';
import { loadUndici } from '../connection/undici-loader.js';
import { confidentialParts, redact } from '../connection/redact.js';
import { WatchError } from '../../errors/watch.error.js';
import type { AgentEvent } from '../protocol/connection-event.js';
import { readWatchFrame, type WatchFrame } from '../protocol/watch-frame.js';
import { afterReading } from '../../support/timing/after-reading.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import { FrameGuard } from './frame-guard.js';
import { IdleWatch } from './idle-watch.js';
import { SidecarEventSource } from './sidecar-event-source.js';
import { WatchResponse, type WatchSettings } from './watch-response.js';

/** The agent's event stream over HTTP/1.1: every wait in it has a bound. */
export class HttpEventSource extends SidecarEventSource {
  readonly #settings: WatchSettings;
  readonly #clock: SidecarClock;
  readonly #confidential: readonly string[];
  /** Kept, since a reconnect should be quick, and asking for them again is not. */
  #loaded?: Loaded;

  constructor(settings: WatchSettings, clock: SidecarClock) {
    super();
    this.#settings = settings;
    this.#clock = clock;
    this.#confidential = confidentialParts(settings.endpoint.headers);
  }

  override async watch(onEvent: (event: AgentEvent) => void, signal: AbortSignal): Promise<void> {
    const { readFrames, undici } = (this.#loaded ??= await load());
    if (signal.aborted) return;
    const { endpoint, requestTimeout, idleTimeout, maxEventBytes } = this.#settings;
    const response = new WatchResponse(undici, this.#settings);
    let live = true;
    let onAbort = () => {};
    let disarm = () => {};
    let idle: IdleWatch | undefined;
    const cutShort = new Promise<void>((resolve, reject) => {
      onAbort = resolve;
      disarm = afterReading(this.#clock, requestTimeout, () => reject(this.#unanswered()));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    const stream = async (): Promise<void> => {
      const chunks = await response.open();
      if (!live) return;
      disarm();
      const silent = new Promise<void>((_resolve, reject) => {
        disarm = afterReading(this.#clock, idleTimeout, () => reject(this.#unconnected()));
        idle = new IdleWatch(this.#clock, idleTimeout, () => reject(this.#silent()));
      });
      const guard = new FrameGuard(maxEventBytes);
      const bytes = guarded(chunks, guard, () => idle?.noteLife());
      let before: AgentEvent | undefined;
      const frames = readFrames(endpoint.origin, bytes, (frame) => {
        const event = live ? readWatchFrame(this.#redacted(frame), before) : undefined;
        if (!event) return;
        before = event;
        if (event.type === 'connected') disarm();
        onEvent(event);
      });
      await Promise.race([frames, silent]);
    };
    try {
      await Promise.race([stream(), cutShort]);
    } finally {
      live = false;
      disarm();
      idle?.stop();
      signal.removeEventListener('abort', onAbort);
      response.destroy(new Error('the watch has ended'));
    }
  }

  #redacted(frame: WatchFrame): WatchFrame {
    if (this.#confidential.length === 0) return frame;
    const { event, data, id } = frame;
    const clean = (text: string) => redact(text, this.#confidential);
    return { event: clean(event), data: clean(data), id: clean(id) };
  }

  #unanswered(): WatchError {
    const { endpoint, requestTimeout } = this.#settings;
    const call = `GET ${endpoint.watchPath} of ${addressOf(endpoint)}`;
    return new WatchError('watch_connect', `${call} was not answered within ${requestTimeout} ms`);
  }

  #silent(): WatchError {
    const { endpoint, idleTimeout } = this.#settings;
    const stream = `the event stream of ${addressOf(endpoint)}`;
    return new WatchError('watch_idle_timeout', `${stream} was silent for ${idleTimeout} ms`);
  }

  #unconnected(): WatchError {
    const { endpoint, idleTimeout } = this.#settings;
    const stream = `the event stream of ${addressOf(endpoint)}`;
    return new WatchError('watch_idle_timeout', `${stream} did not say "connected" within ${idleTimeout} ms`);
  }
}

/** What is loaded late. */
type Loaded = Awaited<ReturnType<typeof load>>;

/**
 * Both take their time to load: hence here, and not when the module is imported. undici, which loads at a stroke, comes last: by
 * then the `listen()` that this began in has resolved.
 */
async function load() {
  const { readFrames } = await import('./frame-reader.js');
  return { readFrames, undici: await loadUndici() };
}

async function* guarded(
  chunks: AsyncIterator<Uint8Array>,
  guard: FrameGuard,
  noteLife: () => void,
): AsyncGenerator<Uint8Array, undefined> {
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    noteLife();
    yield* guard.pass(next.value);
  }
  return undefined;
}
