import { backoffDelay } from '../support/timing/backoff.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { GONE_FOR_GOOD, goodbyeDelay } from './goodbye-delay.js';
import type { RegistrationCommand } from './machine/registration-command.js';
import type { RegistrationEvent } from './machine/registration-event.js';
import type { RegistrationSettings } from './registration-settings.js';

type GoodbyeRetry = Extract<RegistrationCommand, { type: 'retryGoodbye' }>;

/** What bounds the repeats of a goodbye, on the clock's `elapsed()`. */
export interface GoodbyeBounds {
  /** When `shutdownTimeout` is reached. */
  readonly leaveBy: number;
  /** When the first deregister of the leave was sent. */
  readonly deregisteredAt?: number;
}

/** Waits for the next try of a call to the agent, and reports it as `retryDue`. */
export class RetryTimer {
  readonly #settings: RegistrationSettings;
  readonly #clock: SidecarClock;
  readonly #report: (event: RegistrationEvent) => void;
  #cancel = () => {};

  constructor(
    settings: RegistrationSettings,
    clock: SidecarClock,
    report: (event: RegistrationEvent) => void,
  ) {
    this.#settings = settings;
    this.#clock = clock;
    this.#report = report;
  }

  /** Waits for the next register, at least for the milliseconds that the agent asks for. */
  waitAfter(failures: number, asked?: number): void {
    this.#wait(backoffDelay(failures, this.#settings, this.#clock.random(), asked));
  }

  /** Waits for the next drain or deregister of a leave; reports `gaveUp` if it does not fit in. */
  waitForGoodbye(
    { failures, operation, hopeless }: GoodbyeRetry,
    { leaveBy, deregisteredAt }: GoodbyeBounds,
  ): void {
    const delay = goodbyeDelay(failures, this.#settings, this.#clock.random());
    const { endpoint, requestTimeout } = this.#settings;
    // A call that hangs takes its whole time.
    const latest = leaveBy - (hopeless === 'agent gone' ? 0 : requestTimeout);
    // A function may return a token that was renewed meanwhile.
    const mayBeRenewed = hopeless === 'credentials refused' && typeof endpoint.headers === 'function';
    const isHopeless = hopeless !== undefined && !mayBeRenewed;
    const gone = isHopeless ? (deregisteredAt ?? Infinity) + GONE_FOR_GOOD : Infinity;
    if (operation === 'deregister' && this.#clock.elapsed() + delay > Math.min(latest, gone)) {
      return this.#report({ type: 'gaveUp' });
    }
    this.#wait(delay);
  }

  /** Ends the wait. */
  cancel(): void {
    this.#cancel();
  }

  #wait(delay: number): void {
    this.#report({ type: 'scheduled', nextRetryAt: this.#clock.now() + delay });
    this.#cancel = this.#clock.after(delay, () => this.#report({ type: 'retryDue' }));
  }
}
