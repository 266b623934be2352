import { BehaviorSubject, map } from 'rxjs';
import type { ConnectionEvent } from '../agent/protocol/connection-event.js';
import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { GuardedObservable } from '../support/listeners/guarded-observable.js';
import type { RegistrationFacts } from './registration-facts.js';
import type { SidecarStatus } from './sidecar-status.js';
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

  /**
   * Emits the current status on subscription, then a new one after each change and each event of
   * the watch. A change of `inFlight` alone emits nothing. Completes when the service has left the
   * mesh. If a direct subscriber throws, the error is logged and other subscribers are unaffected.
   */
  readonly status$ = new GuardedObservable<SidecarStatus>((subscriber) =>
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
