import { SidecarApiError } from '../../errors/sidecar-api.error.js';

/** The statuses that a retry is least likely to change. */
export const CREDENTIALS_REFUSED: ReadonlySet<number> = new Set([401, 403]);

/** Returns whether the agent refused a call because of its credentials, or their absence. */
export function areCredentialsRefused(error: unknown): boolean {
  return error instanceof SidecarApiError && CREDENTIALS_REFUSED.has(error.statusCode);
}
