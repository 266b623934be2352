import type { SidecarStatus } from '../status/sidecar-status.js';
import type { HealthRules } from './health-options.js';

/** The phases in which your code or the shutdown has taken the service out: there is no grace. */
const OUT = new Set(['draining', 'deregistering', 'deregistered', 'stopped']);

/**
 * Returns whether a health check is up.
 *
 * @param now milliseconds since 1970
 */
export function isUp(status: SidecarStatus, { require, grace }: HealthRules, now: number): boolean {
  // The option `enabled` is false: there is nothing to wait for.
  if (status.phase === 'disabled') return true;
  switch (require) {
    case 'registered':
      return status.registered || isWithin(grace, status.lostSince, now);
    case 'connected':
      return status.connected || (!OUT.has(status.phase) && isWithin(grace, status.lastDisconnectedAt, now));
    case 'once-registered':
      return status.registerReplayCount > 0;
  }
}

/** If the clock has been set back, the moment is still to come, and there is no grace. */
function isWithin(grace: number, since: string | null, now: number): boolean {
  if (since === null) return false;
  const elapsed = now - Date.parse(since);
  return elapsed >= 0 && elapsed < grace;
}
