import { setImmediate } from 'node:timers/promises';
import { codeOf } from '../agent/connection/error-code.js';
import type {
  AgentDescription,
  AgentEvent,
  ConnectedEvent,
  HeartbeatEvent,
} from '../agent/protocol/connection-event.js';
import { UNKNOWN_SERVICE } from '../agent/protocol/unknown-instance.js';
import { SidecarEventSource } from '../agent/watch/sidecar-event-source.js';
import { watchErrorOf } from '../agent/watch/watch-error-of.js';
import { SidecarApiError } from '../errors/sidecar-api.error.js';
import { boundedText } from '../support/text/bounded-text.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { ConsulEndpoint } from './consul-agent.js';
import type { ConsulParts } from './consul-client.js';

/** The shortest time between two long polls, in milliseconds, whatever Consul answers. */
const PAUSE = 100;

const LOST = 'Consul had lost the registration';

/** An event without what Consul says of itself. */
type News = Omit<ConnectedEvent, 'agent'> | Omit<HeartbeatEvent, 'agent'>;

const CONNECTED: Omit<ConnectedEvent, 'agent'> = { type: 'connected', id: '', message: '' };
const HEARTBEAT: News = { type: 'heartbeat', id: '', message: '' };

/** What the event source works with. */
export interface ConsulWatchParts extends ConsulParts {
  readonly clock: SidecarClock;
  readonly module: ConsulEndpoint;
}

/**
 * Watches the registered instance by long polls at the Consul agent, and refreshes its TTL after
 * each. If Consul has lost the instance, it reports `connected`, which asks for a register.
 */
export class ConsulEventSource extends SidecarEventSource {
  readonly #parts: ConsulWatchParts;
  /** How long a long poll waits, in milliseconds. */
  readonly #wait: number;

  constructor(parts: ConsulWatchParts) {
    super();
    this.#parts = parts;
    this.#wait = Math.floor(parts.settings.ttl / 3);
  }

  override async watch(onEvent: (event: AgentEvent) => void, signal: AbortSignal): Promise<void> {
    const { held, module } = this.#parts;
    // A register follows: until its answer it is not known what Consul holds.
    held.release();
    const stop = () => held.release();
    signal.addEventListener('abort', stop, { once: true });
    let isLive = false;
    try {
      // The first call loads undici, which blocks the event loop: listen() resolves before.
      await setImmediate();
      for await (const news of this.#news(signal)) {
        const agent = await this.#describe(signal, isLive);
        if (signal.aborted) return;
        onEvent({ ...news, agent });
        isLive = true;
      }
    } catch (thrown) {
      if (!signal.aborted) throw watchErrorOf(thrown, module.endpoint, isLive);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async *#news(signal: AbortSignal): AsyncGenerator<News> {
    const { held, clock } = this.#parts;
    yield CONNECTED;
    while (!signal.aborted) {
      const { id, change } = held;
      if (id !== undefined) yield* this.#newsOf(id, change);
      else {
        await clock.sleep(this.#wait, change);
        if (!change.aborted) yield HEARTBEAT;
      }
    }
  }

  /** Ends if Consul has lost the instance, or `change` aborts. */
  async *#newsOf(id: string, change: AbortSignal): AsyncGenerator<News> {
    const { agent, held, clock } = this.#parts;
    try {
      for (let hash = ''; !change.aborted;) {
        const startedAt = clock.elapsed();
        // Also if another client has changed it: two that undo each other would never end.
        hash = await agent.poll(id, hash, this.#wait, change);
        await agent.pass(id, { signal: change });
        yield HEARTBEAT;
        await clock.sleep(Math.max(0, startedAt + PAUSE - clock.elapsed()), change);
      }
    } catch (thrown) {
      if (change.aborted) return;
      if (!(thrown instanceof SidecarApiError) || thrown.code !== UNKNOWN_SERVICE) throw thrown;
      const isWanted = held.isInRotation(id);
      held.release();
      if (isWanted) yield { ...CONNECTED, message: LOST, loss: LOST };
    }
  }

  async #describe(signal: AbortSignal, isLive: boolean): Promise<AgentDescription> {
    const { agent, held, module } = this.#parts;
    // The TTL must not run out meanwhile.
    const timeout = Math.min(module.requestTimeout, isLive ? this.#wait : Infinity);
    try {
      const ready = await agent.hasLeader({ timeout, signal });
      return { service: 'consul', ready, status: ready ? 'ready' : 'no leader' };
    } catch (thrown) {
      const unready = { service: 'consul', ready: false };
      if (thrown instanceof SidecarApiError && thrown.statusCode >= 500) {
        return { ...unready, status: boundedText(thrown.reason, 64) };
      }
      // The agent waits for its servers. The long poll tells whether the agent itself is there.
      if (isLive && held.id !== undefined && codeOf(thrown) === 'ETIMEDOUT') {
        return { ...unready, status: 'no answer' };
      }
      throw thrown;
    }
  }
}
