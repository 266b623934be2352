import type { AgentInstance } from '../agent-instance.js';
import { leaseCheckId } from '../wire/flat-answers.js';
import { RefusedRequestError } from '../wire/refused-request.error.js';

/**
 * The registry behind an agent has lost an instance, which the agent still holds. `curable` as in
 * Consul 1.8: a deregister removes the instance. `final` as in Consul 1.20: it is refused too.
 */
export type LostCheck = 'curable' | 'final';

/** Refuses a replay in the words of Consul. */
export function refuseLostCheck(lost: LostCheck, { instanceId }: AgentInstance): never {
  const check = JSON.stringify(leaseCheckId(instanceId));
  const words =
    lost === 'curable' ? `CheckID ${check} does not have associated TTL` : `Unknown check ID ${check}`;
  throw new RefusedRequestError('lost_check', [words]);
}

/** Refuses a drain, or the deregister of what is lost for good, in the words of Consul. */
export function refuseLostService(lost: LostCheck, { instanceId }: AgentInstance): never {
  const words = lost === 'curable' ? 'No service registered with ID' : 'Unknown service ID';
  throw new RefusedRequestError('lost_check', [`${words} ${JSON.stringify(instanceId)}`]);
}
