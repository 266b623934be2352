import { isLostLease } from '../agent/protocol/lost-lease.js';
import { isRouteConflict, routeDocumentKey } from '../agent/protocol/route-conflict.js';
import { RegisterReplayError } from '../errors/register-replay.error.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../service/service-node.js';

/**
 * Builds the error of a register that failed, with what to do if no repetition helps.
 *
 * @param cured whether a deregister has been tried against a lost lease
 */
export function registerFailure(
  cause: SidecarAgentError,
  node: ServiceNode,
  cured: boolean,
): RegisterReplayError {
  if (isRouteConflict(cause)) return new RegisterReplayError(cause, conflictAdvice(node));
  if (isLostLease(cause) && cured) return new RegisterReplayError(cause, 'restart the sidecar-agent');
  return new RegisterReplayError(cause);
}

function conflictAdvice(node: ServiceNode): string {
  const key = routeDocumentKey(node);
  return `if no other instance serves the old methods, version or port, delete the key ${key} in Consul`;
}
