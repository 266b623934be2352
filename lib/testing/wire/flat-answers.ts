import { sortUnique } from '../../support/text/sort-unique.js';
import type { AgentInstance } from '../agent-instance.js';
import { jsonAnswer } from './http-answer.js';
import type { HttpAnswer } from './http-answer.js';
import { INSTANCE_ADDRESS } from './instance-document.js';
import { routeDocumentKey } from './route-document.js';

/** Builds the answer to a success in the `flat` dialect: the instance as the agent now holds it. */
export function flatSuccess(instance: AgentInstance, agentRunId: string): HttpAnswer {
  const { instanceId } = instance;
  return jsonAnswer(200, {
    request: instance.request,
    instance_id: instanceId,
    agent_id: 'embedded-agent',
    agent_run_id: agentRunId,
    address: INSTANCE_ADDRESS,
    zone: 'local',
    route_prefixes: routePrefixes(instance.methods),
    route_config_ref: routeDocumentKey(instance),
    lease_check_id: leaseCheckId(instanceId),
    state: instance.state,
    registered_at: instance.registeredAt.toISOString(),
    updated_at: instance.updatedAt.toISOString(),
    drain_deadline: instance.drainDeadline?.toISOString(),
  });
}

/** Returns the id of the check that an agent refreshes at every replay. */
export function leaseCheckId(instanceId: string): string {
  return `service:${instanceId}`;
}

/** Builds the answer to a failure in the `flat` dialect. */
export function flatFailure(status: number, message: string): HttpAnswer {
  return jsonAnswer(status, { error: message });
}

/** Returns `/acme.auth.v1.AuthService/` for `/acme.auth.v1.AuthService/Login`: sorted, unique. */
function routePrefixes(methods: readonly string[]): readonly string[] {
  const prefixes = methods.map((method) => method.slice(0, method.lastIndexOf('/') + 1));
  return sortUnique(prefixes.filter((prefix) => prefix.length > 1));
}
