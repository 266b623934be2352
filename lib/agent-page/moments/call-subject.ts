import { propertyOf } from '../../support/shape.js';
import type { PublishedRoutes, RouteOwner } from '../routes/route-difference.js';

/** The service that a call is about, as far as its body says. */
export interface CallSubject {
  readonly service?: string;
  readonly port?: number;
  readonly instanceId?: string;
}

/** Reads from the body of a call, of either dialect, which service it is about. */
export function subjectOf(body: unknown): CallSubject {
  const service = propertyOf(body, 'service');
  return {
    service: text(service, 'name') ?? text(body, 'service_name') ?? text(body, 'name'),
    port: whole(body, 'server_port') ?? whole(body, 'service_port') ?? whole(body, 'port'),
    instanceId: text(propertyOf(body, 'app'), 'instance_id') ?? text(body, 'app_instance_id'),
  };
}

/** Reads what a register of the dialect flat would publish. */
export function routesOf(body: unknown): PublishedRoutes & RouteOwner {
  const methods = propertyOf(body, 'methods');
  return {
    env: text(body, 'env') ?? '',
    namespace: text(body, 'namespace') ?? '',
    name: text(body, 'name') ?? '',
    port: whole(body, 'port') ?? 0,
    version: text(body, 'version') ?? '',
    methods: Array.isArray(methods) ? methods.filter((method) => typeof method === 'string') : [],
  };
}

function text(value: unknown, name: string): string | undefined {
  const found = propertyOf(value, name);
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : undefined;
}

function whole(value: unknown, name: string): number | undefined {
  const found = propertyOf(value, name);
  return typeof found === 'number' && Number.isInteger(found) ? found : undefined;
}
