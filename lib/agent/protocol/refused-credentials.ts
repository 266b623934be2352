import { SidecarApiError } from '../../errors/sidecar-api.error.js';

/** The statuses that a retry is least likely to change. */
const REFUSALS = new Set([401, 403]);

/** Returns whether a status means that the agent does not accept the credentials. */
export function refusesCredentials(statusCode: number): boolean {
  return REFUSALS.has(statusCode);
}

/** Returns whether a call failed because the agent does not accept the credentials. */
export function isRefusedCredentials(error: unknown): boolean {
  return error instanceof SidecarApiError && refusesCredentials(error.statusCode);
}
