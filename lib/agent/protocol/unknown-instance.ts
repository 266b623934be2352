import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { SidecarApiError } from '../../errors/sidecar-api.error.js';

/** The agent's words for an instance that it does not hold. */
const UNKNOWN = /\b(not found|not registered|unknown (service|instance))\b/i;

/**
 * Returns whether an error of a drain or deregister means that the agent does not hold the
 * instance, for example after a restart of the agent: then there is nothing left to do. Every other
 * 400 is a failure, since the agent also answers 400 if its registry is down.
 */
export function isUnknownInstance(error: SidecarAgentError): boolean {
  if (!(error instanceof SidecarApiError)) return false;
  const { statusCode, code, reason } = error;
  if (statusCode === 404) return true;
  return statusCode === 400 && (code === 'unknown_instance' || UNKNOWN.test(reason));
}
