import { BehaviorSubject, map, type Observable } from 'rxjs';
import type { ConnectionEvent } from '../agent/protocol/connection-event.js';
import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { GuardedObservable } from '../support/listeners/guarded-observable.js';
import type { RegistrationFacts } from './registration-facts.js';
import type { SidecarStatus } from './sidecar-status.js';
import { type TimelineEntry, type TimelineMoment, withMoment } from './timeline.js';
import { toSidecarStatus } from './to-sidecar-status.js';
import { NO_WATCH_FACTS, withEvent } from './watch-facts.js';

/**
 * Tells the status of the registration. Inject it into a controller, a metric or a health check.
 *
 * @example
 * ```ts
 * @Controller()
 * class StatusController {
 *   constructor(private readonly sidecar: SidecarStatusService) {}
 *
 *   @Get('status')
 *   status(): SidecarStatus {
 *     return this.sidecar.status();
 *   }
 * }
 * ```
 */
export class SidecarStatusService {
  readonly #changes = new BehaviorSubject<void>(undefined);
  readonly #calls: InFlightCalls;
  #registration: RegistrationFacts;
  #watch = NO_WATCH_FACTS;
  #snapshot?: SidecarStatus;
  #timeline: readonly TimelineEntry[] = [];

  /**
   * Emits the current status on subscription, then a new one after each change and each event of
   * the watch. A change of `inFlight` alone emits nothing. Completes when the service has left the
   * mesh. If a direct subscriber throws, the error is logged and other subscribers are unaffected.
   */
  readonly status$: Observable<SidecarStatus> = new GuardedObservable((subscriber) =>
    this.#changes.pipe(map(() => this.status())).subscribe(subscriber),
  );

  /** The module creates it; inject it instead. */
  constructor(registration: RegistrationFacts, calls: InFlightCalls) {
    this.#registration = registration;
    this.#calls = calls;
  }

  /**
   * Returns the current status: the same object until something changes, and a new one each time
   * while a drain lasts.
   */
  status(): SidecarStatus {
    const { count, drain } = this.#calls;
    // While a drain lasts, each call and each moment is news.
    if (this.#snapshot?.inFlight !== count || drain?.isOpen) {
      this.#snapshot = toSidecarStatus(this.#registration, this.#watch, count, drain?.snapshot());
    }
    return this.#snapshot;
  }

  /**
   * Returns what happened to the registration, oldest first: the last 100 entries, each with its
   * cause and in words. A failure that repeats has one entry with a count. You can send it as JSON.
   *
   * @example
   * ```ts
   * for (const { at, text } of status.timeline()) console.log(at, text);
   * // 2026-11-21T20:05:29.007Z lost the event stream: the agent ended the event stream
   * // 2026-11-21T20:05:32.214Z registered again after 3.2 s: the agent restarted
   * ```
   */
  timeline(): readonly TimelineEntry[] {
    return this.#timeline;
  }

  /** Adds to the timeline. The module calls it; your code does not. */
  note(moment: TimelineMoment): void {
    this.#timeline = withMoment(this.#timeline, moment);
  }

  /** Sets the facts of the registration. The module calls it; your code does not. */
  publish(registration: RegistrationFacts): void {
    this.#registration = registration;
    this.#changed();
  }

  /**
   * Adds an event of the watch. The module calls it; your code does not.
   *
   * @param at milliseconds since 1970
   */
  observe(event: ConnectionEvent, at: number): void {
    this.#watch = withEvent(this.#watch, event, at);
    this.#changed();
  }

  /** Completes `status$`. The module calls it; your code does not. */
  complete(): void {
    this.#changes.complete();
  }

  #changed(): void {
    this.#snapshot = undefined;
    if (this.#changes.observed) this.#changes.next();
  }
}
