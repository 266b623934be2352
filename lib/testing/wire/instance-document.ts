import type { AgentInstance } from '../agent-instance.js';

/** The address of every instance: the services of an agent run on its own host. */
export const INSTANCE_ADDRESS = '127.0.0.1';

/** Writes an instance as JSON: the `data` of a `node` answer, and an entry of `/debug/services`. */
export function instanceDocument(instance: AgentInstance): Readonly<Record<string, unknown>> {
  return {
    name: instance.name,
    namespace: instance.namespace,
    dns: instance.dns,
    host: INSTANCE_ADDRESS,
    port: instance.port,
    service_port: instance.servicePort,
    state: instance.state,
    protocol: instance.protocol,
    weight: instance.weight,
    dialect: instance.dialect,
    methods: instance.methods,
    http_routes: instance.httpRoutes.length === 0 ? undefined : instance.request.http_routes,
    app_id: instance.appId,
    instance_id: instance.instanceId,
    version: instance.version,
    registered_at: instance.registeredAt.toISOString(),
    updated_at: instance.updatedAt.toISOString(),
    drain_deadline: instance.drainDeadline?.toISOString(),
  };
}
