import { setImmediate } from 'node:timers/promises';
import { agentAt } from '../agent/connection/agent-endpoint.js';
import type { AgentDescription, AgentEvent } from '../agent/protocol/connection-event.js';
import { SidecarEventSource } from '../agent/watch/sidecar-event-source.js';
import { UNKNOWN_SERVICE } from '../agent/protocol/unknown-instance.js';
import { SidecarApiError } from '../errors/sidecar-api.error.js';
import { WatchError } from '../errors/watch.error.js';
import { propertyOf } from '../support/shape.js';
import { boundedText } from '../support/text/bounded-text.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { ConsulEndpoint } from './consul-agent.js';
import type { ConsulParts } from './consul-client.js';
import { ttlCheckId } from './consul-service.js';
import { watchErrorOf } from './watch-error-of.js';

/** The shortest time between two long polls, in milliseconds, whatever Consul answers. */
const PAUSE = 100;

type OnEvent = (event: AgentEvent) => void;

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
  /** How long a long poll takes, in milliseconds. */
  readonly #wait: number;

  constructor(parts: ConsulWatchParts) {
    super();
    this.#parts = parts;
    this.#wait = Math.floor(parts.settings.ttl / 3);
  }

  override async watch(onEvent: OnEvent, signal: AbortSignal): Promise<void> {
    const { held, module } = this.#parts;
    // A register follows: until its answer it is not known what Consul holds.
    held.release();
    const stop = () => held.release();
    signal.addEventListener('abort', stop, { once: true });
    let isLive = false;
    try {
      // The first call loads undici, which blocks the event loop: listen() of the app resolves first.
      await setImmediate();
      const agent = await this.#describe();
      if (!signal.aborted) onEvent({ type: 'connected', id: '', message: '', agent });
      isLive = true;
      while (!signal.aborted) await this.#beat(onEvent);
    } catch (thrown) {
      if (!signal.aborted) throw watchErrorOf(thrown, module.endpoint, isLive);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #beat(onEvent: OnEvent): Promise<void> {
    const { held, clock } = this.#parts;
    const { id, change } = held;
    if (id === undefined) {
      await clock.sleep(this.#wait, change);
    } else if (!(await this.#isKept(id, change))) {
      const isOwnDoing = !held.isInRotation(id);
      held.release();
      const agent = await this.#describe();
      const message = 'Consul had lost the registration';
      if (!isOwnDoing) onEvent({ type: 'connected', id: '', message, agent });
      return;
    }
    if (change.aborted) return;
    onEvent({ type: 'heartbeat', id: '', message: '', agent: await this.#describe() });
  }

  /** Returns whether Consul holds the instance, after the long poll and the refresh of the TTL. */
  async #isKept(id: string, change: AbortSignal): Promise<boolean> {
    const { agent, clock } = this.#parts;
    const startedAt = clock.elapsed();
    try {
      await this.#poll(id, change);
      await agent.call({ method: 'PUT', path: `/v1/agent/check/pass/${encodeURIComponent(ttlCheckId(id))}` });
    } catch (thrown) {
      if (change.aborted) return true;
      if (thrown instanceof SidecarApiError && thrown.code === UNKNOWN_SERVICE) return false;
      throw thrown;
    }
    await clock.sleep(Math.max(0, startedAt + PAUSE - clock.elapsed()), change);
    return true;
  }

  async #poll(id: string, signal: AbortSignal): Promise<void> {
    const { agent, held, module } = this.#parts;
    const path = `/v1/agent/service/${encodeURIComponent(id)}?hash=${held.hash}&wait=${this.#wait}ms`;
    // Consul adds up to a sixteenth to the wait.
    const timeout = Math.ceil((this.#wait * 17) / 16) + module.requestTimeout;
    const { body } = await agent.call({ method: 'GET', path }, { timeout, signal });
    const hash = propertyOf(parseJson(body), 'ContentHash');
    if (typeof hash !== 'string') {
      const message = `${agentAt(module.endpoint)} answered GET ${path} without a ContentHash: it needs to be a Consul agent of version 1.3 or later, without compression`;
      throw new WatchError('watch_content_type', message);
    }
    // Also if another client has changed it: two that undo each other would do so without an end.
    if (!signal.aborted) held.hash = hash;
  }

  /** Asks for the leader. This needs no permission, so any answer means that the agent is there. */
  async #describe(): Promise<AgentDescription> {
    try {
      const { body } = await this.#parts.agent.call({ method: 'GET', path: '/v1/status/leader' });
      const ready = Boolean(parseJson(body));
      return { service: 'consul', ready, status: ready ? 'ready' : 'no leader' };
    } catch (thrown) {
      if (!(thrown instanceof SidecarApiError) || thrown.statusCode < 500) throw thrown;
      return { service: 'consul', ready: false, status: boundedText(thrown.reason, 64) };
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
