import type { HttpRoute } from './routes/http-route.js';
import type { ServiceNode } from './service-node.js';

/** What the options say of a node: all but what only a running server knows. */
export type ServiceNodeIdentity = Pick<
  ServiceNode,
  'app' | 'kernel' | 'service' | 'protocol' | 'serverPort' | 'managedPort' | 'dns'
>;

/**
 * Builds the node that is announced. Methods are sorted and made unique: agents compare registrations as they are, and
 * a list in another order would look like another service.
 *
 * @param identity what the options say
 * @param methods full gRPC method paths, in any order
 * @param httpRoutes in the order in which they are to be announced
 * @param now the moment that becomes `runDate`
 */
export function buildServiceNode(
  identity: ServiceNodeIdentity,
  methods: readonly string[],
  httpRoutes: readonly HttpRoute[],
  now: Date,
): ServiceNode {
  return Object.freeze({
    app: identity.app,
    kernel: identity.kernel,
    service: identity.service,
    protocol: identity.protocol,
    serverPort: identity.serverPort,
    managedPort: identity.managedPort,
    dns: identity.dns,
    runDate: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    ...listMethods(methods),
    httpRoutes: Object.freeze([...httpRoutes]),
  });
}

/** What may change of a node while the service runs. What is left out stays as it is. */
export interface ServiceChanges {
  /** The share of calls, 1 or more. */
  readonly weight?: number;
  /** Full gRPC method paths, all that are to be announced, in any order. */
  readonly methods?: readonly string[];
  /** All that are to be announced, of one sort. */
  readonly httpRoutes?: readonly HttpRoute[];
}

/** Builds the node that takes another's place: the same instance, built at the same moment. */
export function changeServiceNode(node: ServiceNode, changes: ServiceChanges): ServiceNode {
  const { weight = node.service.weight, methods = node.methods, httpRoutes = node.httpRoutes } = changes;
  return Object.freeze({
    ...node,
    service: Object.freeze({ ...node.service, weight }),
    ...listMethods(methods),
    httpRoutes: Object.freeze([...httpRoutes]),
  });
}

function listMethods(methods: readonly string[]): Pick<ServiceNode, 'protoCount' | 'methods'> {
  const unique = [...new Set(methods)].sort();
  const services = new Set(unique.map((method) => method.slice(0, method.lastIndexOf('/'))));
  return { protoCount: services.size, methods: Object.freeze(unique) };
}
