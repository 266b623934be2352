import { SidecarApiError } from '../../errors/sidecar-api.error.js';

/** What Consul says of the check that an agent of the dialect `flat` refreshes at a register. */
const LOST = /does not have associated TTL|unknown check id/i;

/**
 * Returns whether an agent of the dialect `flat` refused a register because its registry has lost
 * the lease of the instance: the registry was restarted without its data, or the service was away
 * for longer than a minute. The agent answers so until the instance is deregistered, or, over a
 * newer Consul, until the agent is restarted.
 */
export function isLostLease(error: unknown): boolean {
  if (!(error instanceof SidecarApiError)) return false;
  // Answers of the dialect `node` have a code.
  return error.code === '' && error.statusCode >= 400 && LOST.test(error.reason);
}
