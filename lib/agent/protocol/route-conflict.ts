import { SidecarApiError } from '../../errors/sidecar-api.error.js';
import type { ServiceNode } from '../../service/service-node.js';

/**
 * Returns whether the agent refused a register because it holds another list of methods, another
 * version or another port for the service. By then it has taken the old registration out.
 */
export function isRouteConflict(error: unknown): boolean {
  return error instanceof SidecarApiError && /route document conflict/i.test(error.reason);
}

/** Returns the key of Consul's KV that holds the routes of a service. No agent deletes it. */
export function routeDocumentKey({ app, service }: ServiceNode): string {
  return `routes/${app.env}/${service.namespace}/${service.name}/current`;
}
