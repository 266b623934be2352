import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { NO_FACTS } from '../status/registration-facts.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import { SidecarStatusService } from '../status/sidecar-status.service.js';

/** The status of a module that is turned off, with fields that a test has set. */
export class PresetStatusService extends SidecarStatusService {
  readonly #preset: Partial<SidecarStatus>;
  #actual?: SidecarStatus;
  #shown?: SidecarStatus;

  constructor(preset: Partial<SidecarStatus>, calls: InFlightCalls) {
    super(NO_FACTS, calls);
    this.#preset = preset;
  }

  override status(): SidecarStatus {
    const actual = super.status();
    if (this.#shown && actual === this.#actual) return this.#shown;
    this.#actual = actual;
    this.#shown = Object.freeze({ ...actual, ...this.#preset });
    return this.#shown;
  }
}
