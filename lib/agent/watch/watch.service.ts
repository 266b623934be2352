import { type Observable, Subject } from 'rxjs';
import { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { WatchError } from '../../errors/watch.error.js';
import { GuardedObservable } from '../../support/listeners/guarded-observable.js';
import { restoringContext } from '../../support/outside-callers.js';
import type { AgentEvent, ConnectionEvent } from '../protocol/connection-event.js';
import { refusesCredentials } from '../protocol/refused-credentials.js';
import { type BackoffBounds, backoffDelay, STABLE_AFTER } from '../../support/timing/backoff.js';
import type { SidecarClock } from '../../support/timing/sidecar-clock.js';
import type { SidecarEventSource } from './sidecar-event-source.js';

/** How a connection has ended. */
interface StreamEnd {
  readonly error: SidecarAgentError;
  /** Whether the agent has ended the body in order. */
  readonly isOrderly: boolean;
}

/**
 * Keeps one connection to the agent's event stream. When a connection ends, it waits and connects
 * again, forever. The waits grow from `reconnectInterval` to `maxReconnectInterval`.
 *
 * It reports events and does not register: `RegistrationController` does.
 */
export class WatchService {
  readonly #source: SidecarEventSource;
  readonly #clock: SidecarClock;
  readonly #bounds: BackoffBounds;
  readonly #events = new Subject<ConnectionEvent>();
  #running?: AbortController;
  #failures = 0;
  /** When the open stream was connected; absent without one. */
  #connectedAt?: number;
  #confirmed = false;

  /**
   * The events of the agent, and `disconnected` when the event stream ends or cannot be opened.
   *
   * If a direct subscriber throws, the error is logged and other subscribers are unaffected. If a
   * subscriber throws behind a `.pipe()`, RxJS rethrows the error as an uncaught exception.
   */
  readonly events$: Observable<ConnectionEvent> = new GuardedObservable((subscriber) =>
    this.#events.subscribe(subscriber),
  );

  constructor(source: SidecarEventSource, bounds: BackoffBounds, clock: SidecarClock) {
    this.#source = source;
    this.#bounds = bounds;
    this.#clock = clock;
  }

  /**
   * Starts to connect, unless it has started already. The module calls it in
   * `onApplicationBootstrap`, once the server is listening.
   */
  start(): void {
    if (this.#running) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  /**
   * Ends the connection, or the wait for the next one, immediately. If the agent had sent
   * `connected` on the open stream, it emits a last `disconnected`.
   */
  stop(): void {
    const wasConnected = this.#connectedAt !== undefined;
    const running = this.#running;
    this.#running = undefined;
    this.#connectedAt = undefined;
    running?.abort();
    if (!wasConnected) return;
    const error = new WatchError('watch_stream_closed', 'the watch was stopped');
    this.#emit({ type: 'disconnected', error });
  }

  /**
   * Reports that the agent accepted a register while this stream was open. If the stream stays open
   * for 10 s, or the agent ends it in order, the waits begin again at `reconnectInterval`.
   */
  confirm(): void {
    this.#confirmed = true;
  }

  #emit(event: ConnectionEvent): void {
    restoringContext(() => this.#events.next(event));
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#confirmed = false;
      const { error, isOrderly } = await this.#watchOnce(signal);
      if (signal.aborted) return;
      const delay = this.#nextDelay(error, isOrderly);
      // Before the event: stop(), from a subscriber or during the wait, has no stream to end.
      this.#connectedAt = undefined;
      const nextRetryAt = new Date(this.#clock.now() + delay);
      this.#emit({ type: 'disconnected', error, nextRetryAt });
      await this.#clock.sleep(delay, signal);
    }
  }

  async #watchOnce(signal: AbortSignal): Promise<StreamEnd> {
    const onEvent = (event: AgentEvent): void => {
      if (this.#running?.signal !== signal) return;
      if (event.type === 'connected') this.#connectedAt ??= this.#clock.elapsed();
      this.#emit(event);
    };
    try {
      await this.#source.watch(onEvent, signal);
      const error = new WatchError('watch_stream_closed', 'the agent ended the event stream');
      return { error, isOrderly: true };
    } catch (thrown) {
      return { error: SidecarAgentError.from(thrown), isOrderly: false };
    }
  }

  #nextDelay(error: SidecarAgentError, isOrderly: boolean): number {
    const lived = this.#connectedAt === undefined ? 0 : this.#clock.elapsed() - this.#connectedAt;
    if (this.#confirmed && (isOrderly || lived >= STABLE_AFTER)) this.#failures = 0;
    this.#failures += 1;
    const { statusCode = 0, retryAfter } = error instanceof WatchError ? error.detail : {};
    // A retry is least likely to help then: the longest wait follows.
    const failures = refusesCredentials(statusCode) ? Infinity : this.#failures;
    return backoffDelay(failures, this.#bounds, this.#clock.random(), retryAfter);
  }
}
