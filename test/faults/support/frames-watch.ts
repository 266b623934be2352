import type { ScriptedAgent } from '../../support/scripted-agent.js';
import { WatchError } from '../../../lib/errors/watch.error.js';
import type { ConnectionEvent, DisconnectedEvent } from '../../../lib/agent/protocol/connection-event.js';
import { type SidecarClock, SystemClock } from '../../../lib/support/timing/sidecar-clock.js';
import { HttpEventSource } from '../../../lib/agent/watch/http-event-source.js';
import { WatchService } from '../../../lib/agent/watch/watch.service.js';

/** What a test may set; the rest is short enough for one. */
export interface FrameWatchSettings {
  readonly requestTimeout?: number;
  readonly idleTimeout?: number;
  readonly maxEventBytes?: number;
  readonly reconnectInterval?: number;
  readonly maxReconnectInterval?: number;
  readonly clock?: SidecarClock;
}

/** The watch loop as the module puts it together, and everything that it tells. */
export class FrameWatch {
  readonly events: ConnectionEvent[] = [];
  readonly #watch: WatchService;
  readonly #watchers = new Set<() => void>();

  constructor(agent: ScriptedAgent, { clock = new SystemClock(), ...settings }: FrameWatchSettings = {}) {
    const options = {
      endpoint: { origin: agent.url, basePath: '', watchPath: '/watch', headers: {} },
      requestTimeout: 5_000,
      idleTimeout: 5_000,
      maxEventBytes: 1_048_576,
      reconnectInterval: 10,
      maxReconnectInterval: 20,
      ...settings,
    };
    this.#watch = new WatchService(new HttpEventSource(options, clock), options, clock);
    this.#watch.events$.subscribe((event) => {
      this.events.push(event);
      for (const look of [...this.#watchers]) look();
    });
    this.#watch.start();
  }

  /** How the streams have ended so far. */
  get drops(): DisconnectedEvent[] {
    return this.events.filter((event) => event.type === 'disconnected');
  }

  /** The words of the agent's events so far. */
  get messages(): string[] {
    return this.events.flatMap((event) => (event.type === 'disconnected' ? [] : [event.message]));
  }

  /** Waits, looking at every event, until a condition holds. */
  async until(condition: () => boolean, milliseconds = 15_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        how();
      };
      const inVain = () => new Error(`in vain: ${condition.toString()}; seen ${JSON.stringify(this.events)}`);
      const timer = setTimeout(() => settle(() => reject(inVain())), milliseconds);
      const look = () => {
        if (condition()) settle(resolve);
      };
      this.#watchers.add(look);
    });
  }

  /** Waits for the end of a stream. */
  async drop(turn = 1): Promise<WatchError> {
    await this.until(() => this.drops.length >= turn);
    const error = this.drops[turn - 1]?.error;
    if (!(error instanceof WatchError)) throw new Error(`no WatchError but ${String(error)}`);
    return error;
  }

  stop(): void {
    this.#watch.stop();
  }
}
