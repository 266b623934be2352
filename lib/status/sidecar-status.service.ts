import { BehaviorSubject, map } from 'rxjs';
import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { GuardedObservable } from '../support/listeners/guarded-observable.js';
import type { ConnectionEvent } from '../agent/protocol/connection-event.js';
import type { RegistrationFacts } from './registration-facts.js';
import { type SidecarStatus, toSidecarStatus } from './sidecar-status.js';
import { heard, NOTHING_HEARD } from './watch-facts.js';

/**
 * Tells where the registration stands, to anyone: inject it into a controller, a metric or a health check.
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
  /** Apart from the registration, since how often there is something new is the agent's to say. */
  #watch = NOTHING_HEARD;
  #snapshot?: SidecarStatus;

  /**
   * The status now and after each change, events of the agent included; a change of `inFlight` alone is none. It completes when the service has left. A
   * subscriber that throws harms nobody.
   */
  readonly status$ = new GuardedObservable<SidecarStatus>((subscriber) =>
    this.#changes.pipe(map(() => this.status())).subscribe(subscriber),
  );

  constructor(registration: RegistrationFacts, calls: InFlightCalls) {
    this.#registration = registration;
    this.#calls = calls;
  }

  /** The status now. The same object comes back as long as nothing has changed. */
  status(): SidecarStatus {
    const inFlight = this.#calls.count;
    if (this.#snapshot?.inFlight !== inFlight) {
      this.#snapshot = toSidecarStatus(this.#registration, this.#watch, inFlight);
    }
    return this.#snapshot;
  }

  /** Takes new facts from the {@link RegistrationController}, which alone publishes. */
  publish(registration: RegistrationFacts): void {
    this.#registration = registration;
    this.#changed();
  }

  /** Takes an event of the watch from the {@link RegistrationController}, told at so many milliseconds since 1970. */
  observe(event: ConnectionEvent, at: number): void {
    this.#watch = heard(this.#watch, event, at);
    this.#changed();
  }

  /** Says that nothing will change any more. */
  complete(): void {
    this.#changes.complete();
  }

  #changed(): void {
    this.#snapshot = undefined;
    if (this.#changes.observed) this.#changes.next();
  }
}
