import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { RegistrationState } from './machine/registration-state.js';

/**
 * Returns when the event stream was lost, on the clock's `elapsed()`; `undefined` if it is open or
 * never was.
 */
export function agentLostSince(
  { connected, lastDisconnectedAt }: Pick<RegistrationState, 'connected' | 'lastDisconnectedAt'>,
  clock: SidecarClock,
): number | undefined {
  if (connected || lastDisconnectedAt === null) return undefined;
  return clock.elapsed() - (clock.now() - lastDisconnectedAt);
}
