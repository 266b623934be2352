import { BehaviorSubject, map } from 'rxjs';
import type { InFlightCalls } from '../calls/in-flight-calls.js';
import { GuardedObservable } from '../events/guarded-observable.js';
import type { SidecarFacts } from './sidecar-facts.js';
import { type SidecarStatus, toSidecarStatus } from './sidecar-status.js';

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
  readonly #facts: BehaviorSubject<SidecarFacts>;
  readonly #calls: InFlightCalls;
  #snapshot?: SidecarStatus;

  /**
   * The status now and after each change, events of the agent included; a change of `inFlight` alone is none. It completes when the service has left. A
   * subscriber that throws harms nobody.
   */
  readonly status$ = new GuardedObservable<SidecarStatus>((subscriber) =>
    this.#facts.pipe(map(() => this.status())).subscribe(subscriber),
  );

  constructor(facts: SidecarFacts, calls: InFlightCalls) {
    this.#facts = new BehaviorSubject(facts);
    this.#calls = calls;
  }

  /** The status now. The same object comes back as long as nothing has changed. */
  status(): SidecarStatus {
    const inFlight = this.#calls.count;
    if (this.#snapshot?.inFlight !== inFlight) {
      this.#snapshot = toSidecarStatus(this.#facts.value, inFlight);
    }
    return this.#snapshot;
  }

  /** Takes new facts from the {@link RegistrationController}, which alone publishes. */
  publish(facts: SidecarFacts): void {
    this.#snapshot = undefined;
    this.#facts.next(facts);
  }

  /** Says that nothing will change any more. */
  complete(): void {
    this.#facts.complete();
  }
}
