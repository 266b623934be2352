import { setImmediate } from 'node:timers/promises';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import { loadUndici } from '../connection/undici-loader.js';
import type { AgentEvent } from '../protocol/connection-event.js';
import { loadEventSource, readFrames } from './frame-reader.js';
import { IdleLimit } from './idle-limit.js';
import { SidecarEventSource } from './sidecar-event-source.js';
import { WatchConnection } from './watch-connection.js';
import type { WatchSettings } from './watch-settings.js';

/** Reads the agent's event stream over HTTP/1.1. */
export class HttpEventSource extends SidecarEventSource {
  readonly #settings: WatchSettings;
  readonly #clock: SidecarClock;
  readonly #idleLimit: IdleLimit;
  /** Kept, so that a reconnect does not wait for them. */
  #libraries?: Libraries;

  constructor(settings: WatchSettings, clock: SidecarClock) {
    super();
    this.#settings = settings;
    this.#clock = clock;
    this.#idleLimit = new IdleLimit(settings.idleTimeout);
  }

  override async watch(onEvent: (event: AgentEvent) => void, signal: AbortSignal): Promise<void> {
    const libraries = (this.#libraries ??= await loadLibraries());
    if (signal.aborted) return;
    const parts = { ...libraries, clock: this.#clock, idleLimit: this.#idleLimit, onEvent };
    await new WatchConnection(this.#settings, parts).run(signal);
  }
}

type Libraries = Awaited<ReturnType<typeof loadLibraries>>;

/**
 * Loads what would slow down the start of the app if it were imported with the module. It blocks
 * the event loop, so it waits for the `listen()` of the app to resolve.
 */
async function loadLibraries() {
  await setImmediate();
  loadEventSource();
  return { readFrames, undici: loadUndici() };
}
