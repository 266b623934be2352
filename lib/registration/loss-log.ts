import { STABLE_AFTER } from '../support/timing/backoff.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { isMilestone, nameOf } from './log-text.js';
import type { RegistrationState } from './machine/registration-state.js';
import type { LogLines } from './stream-log.js';

/**
 * Writes that the agent had lost the registration while the event stream stayed open. Losses that
 * come soon after each other are logged the 1st, 4th, 16th, 64th … time.
 */
export class LossLog {
  readonly #logger: Pick<LogLines, 'warn'>;
  readonly #clock: SidecarClock;
  /** Losses in a row. */
  #count = 0;
  #lastAt?: number;
  #isOpen = false;

  constructor(logger: Pick<LogLines, 'warn'>, clock: SidecarClock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** @param loss what was lost, in words */
  lost(loss: string, state: RegistrationState): void {
    const now = this.#clock.elapsed();
    const isSoon = this.#lastAt !== undefined && now - this.#lastAt < STABLE_AFTER;
    this.#count = isSoon ? this.#count + 1 : 1;
    this.#lastAt = now;
    if (!isMilestone(this.#count)) return;
    this.#isOpen = true;
    const often = this.#count > 1 ? ` (${this.#count} times in a row)` : '';
    this.#logger.warn(`${loss}${often}; registering ${nameOf(state)} again`);
  }

  /** Notes an accepted register. Returns whether it ends a loss that was logged. */
  ended(): boolean {
    const isOpen = this.#isOpen;
    this.#isOpen = false;
    return isOpen;
  }
}
