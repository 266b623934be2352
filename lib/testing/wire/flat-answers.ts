import { jsonAnswer } from '../server/http-answer.js';
import type { AgentAnswer } from '../server/http-answer.js';
import type { AgentInstance } from '../agent-instance.js';
import { INSTANCE_ADDRESS } from './instance-document.js';

/** The answer to a success in the `flat` dialect: the instance that the agent now holds. */
export function flatSuccess(instance: AgentInstance, agentRunId: string): AgentAnswer {
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

/** The answer to a failure in the `flat` dialect. */
export function flatFailure(status: number, message: string): AgentAnswer {
  return jsonAnswer(status, { error: message });
}

/** `/acme.auth.v1.AuthService/` of `/acme.auth.v1.AuthService/Login`: sorted, without repeats. */
function routePrefixes(methods: readonly string[]): readonly string[] {
  const prefixes = methods.map((method) => method.slice(0, method.lastIndexOf('/') + 1));
  return [...new Set(prefixes.filter((prefix) => prefix.length > 1))].sort();
}
