import type { SidecarClock } from '../support/timing/sidecar-clock.js';

/** How long closing a server may take. */
export interface CloseBounds {
  readonly clock: SidecarClock;
  /** What is left of `shutdownTimeout`, in milliseconds; below 0 if it has passed. */
  readonly rest: number;
}
