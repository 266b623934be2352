import { sortUnique } from '../../support/text/sort-unique.js';
import type { AgentInstance } from '../agent-instance.js';
import { jsonAnswer } from './http-answer.js';
import type { HttpAnswer } from './http-answer.js';
import { INSTANCE_ADDRESS } from './instance-document.js';

/** Builds the answer to a success in the `flat` dialect: the instance as the agent now holds it. */
export function flatSuccess(instance: AgentInstance, agentRunId: string): HttpAnswer {
  const { env, namespace, name, instanceId } = instance;
  return jsonAnswer(200, {
    request: instance.request,
    instance_id: instanceId,
    agent_id: 'embedded-agent',
    agent_run_id: agentRunId,
    address: INSTANCE_ADDRESS,
    zone: 'local',
    route_prefixes: routePrefixes(instance.methods),
    route_config_ref: `routes/${env}/${namespace}/${name}/current`,
    lease_check_id: `service:${instanceId}`,
    state: instance.state,
    registered_at: instance.registeredAt.toISOString(),
    updated_at: instance.updatedAt.toISOString(),
    drain_deadline: instance.drainDeadline?.toISOString(),
  });
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
