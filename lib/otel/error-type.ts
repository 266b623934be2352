import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { SidecarApiError } from '../errors/sidecar-api.error.js';
import { SidecarConnectionError } from '../errors/sidecar-connection.error.js';

/**
 * Returns the attribute `error.type` of a failed call: the HTTP status with which the agent refused
 * it, the code of a connection that failed, such as `ECONNREFUSED`, or else the kind of the error.
 */
export function errorTypeOf(thrown: unknown): string {
  const error = SidecarAgentError.from(thrown);
  if (error instanceof SidecarApiError && error.statusCode >= 300) return String(error.statusCode);
  if (error instanceof SidecarConnectionError && error.code) return error.code;
  return error.kind;
}
