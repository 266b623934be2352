import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { SidecarApiError } from '../../errors/sidecar-api.error.js';

/** The code of Consul's refusals that say so: older versions answer 500. */
export const UNKNOWN_SERVICE = 'unknown_service';

/**
 * The words for an instance that is not held: the agent's own, and those of Consul, which an agent
 * of the dialect `flat` passes on if Consul has lost what the agent still lists.
 */
const UNKNOWN = /\b(not found|not registered|no service registered|unknown (service|instance))\b/i;

/**
 * Returns whether an error of a drain or deregister means that the agent does not hold the
 * instance, for example after a restart of the agent: then there is nothing left to do. Every other
 * 400 is a failure, since the agent also answers 400 if its registry is down.
 */
export function isUnknownInstance(error: SidecarAgentError): boolean {
  if (!(error instanceof SidecarApiError)) return false;
  const { method, statusCode, code, reason } = error;
  // A sidecar-agent is called with POST. It might use the code for something else.
  const isAtConsul = method === 'PUT' && code === UNKNOWN_SERVICE;
  if (statusCode === 404 || isAtConsul) return true;
  return statusCode === 400 && (code === 'unknown_instance' || UNKNOWN.test(reason));
}
