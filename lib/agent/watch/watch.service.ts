import { Subject } from 'rxjs';
import { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { WatchError } from '../../errors/watch.error.js';
import { GuardedObservable } from '../../support/listeners/guarded-observable.js';
import type { AgentEvent, ConnectionEvent } from '../protocol/connection-event.js';
import { type BackoffBounds, backoffDelay } from '../../support/timing/backoff.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import type { SidecarEventSource } from './sidecar-event-source.js';

/** How long a stream must have lived, in milliseconds, for the next wait to be short again. */
const STEADY_AFTER = 10_000;

/** Statuses that mend themselves least: the agent knows us and does not want us. */
const REFUSALS = new Set([401, 403]);

/**
 * Keeps one connection to the agent's event stream, for ever: after a drop it waits, longer each time, and connects again.
 * It tells what happens and decides nothing about the registration.
 */
export class WatchService {
  readonly #source: SidecarEventSource;
  readonly #clock: SidecarClock;
  readonly #bounds: BackoffBounds;
  readonly #events = new Subject<ConnectionEvent>();
  #running?: AbortController;
  #failures = 0;
  #connectedAt?: number;
  #confirmed = false;

  /**
   * The agent's events and the loss of the stream, as they happen, to whoever is subscribed. A subscriber that throws
   * harms nobody.
   */
  readonly events$ = new GuardedObservable<ConnectionEvent>((subscriber) =>
    this.#events.subscribe(subscriber),
  );

  constructor(source: SidecarEventSource, bounds: BackoffBounds, clock: SidecarClock) {
    this.#source = source;
    this.#bounds = bounds;
    this.#clock = clock;
  }

  /** Starts the loop, unless it runs. The module does it in `onApplicationBootstrap`, once the server is bound. */
  start(): void {
    if (this.#running) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  /** Ends the connection, or the wait for the next one, at once. Where there was one, a last `disconnected` says so. */
  stop(): void {
    const wasConnected = this.#running !== undefined && this.#connectedAt !== undefined;
    const running = this.#running;
    this.#running = undefined;
    this.#connectedAt = undefined;
    running?.abort();
    if (!wasConnected) return;
    const error = new WatchError('watch_stream_closed', 'the watch was stopped');
    this.#events.next({ type: 'disconnected', error });
  }

  /** Told that a register succeeded over the present stream: if the stream lives on for 10 s, the waits start over. */
  confirm(): void {
    this.#confirmed = true;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#connectedAt = undefined;
      this.#confirmed = false;
      const error = await this.#watchOnce(signal);
      if (signal.aborted) return;
      const delay = this.#nextDelay(error);
      const nextRetryAt = new Date(this.#clock.now() + delay);
      this.#events.next({ type: 'disconnected', error, nextRetryAt });
      await this.#clock.sleep(delay, signal);
    }
  }

  async #watchOnce(signal: AbortSignal): Promise<SidecarAgentError> {
    const onEvent = (event: AgentEvent): void => {
      if (this.#running?.signal !== signal) return;
      if (event.type === 'connected') this.#connectedAt ??= this.#clock.elapsed();
      this.#events.next(event);
    };
    try {
      await this.#source.watch(onEvent, signal);
      return new WatchError('watch_stream_closed', 'the agent ended the event stream');
    } catch (thrown) {
      return SidecarAgentError.from(thrown);
    }
  }

  #nextDelay(error: SidecarAgentError): number {
    const lived = this.#connectedAt === undefined ? 0 : this.#clock.elapsed() - this.#connectedAt;
    if (this.#confirmed && lived >= STEADY_AFTER) this.#failures = 0;
    this.#failures += 1;
    const refused = error instanceof WatchError && REFUSALS.has(error.detail.statusCode ?? 0);
    return backoffDelay(refused ? Infinity : this.#failures, this.#bounds, this.#clock.random());
  }
}
