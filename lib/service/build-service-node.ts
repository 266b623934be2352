import { sortUnique } from '../support/text/sort-unique.js';
import type { HttpRoute } from './routes/http-route.js';
import type { ServiceNode } from './service-node.js';

/** The fields of a node that the options give. The others need a running server. */
export type ServiceNodeIdentity = Pick<
  ServiceNode,
  'app' | 'kernel' | 'service' | 'protocol' | 'serverPort' | 'managedPort' | 'dns'
>;

/**
 * Builds the node to register. It sorts the methods and removes duplicates: an agent compares
 * registrations as they are, and a list in another order looks like another service.
 *
 * @param identity the fields that the options give
 * @param methods full gRPC method paths, in any order
 * @param httpRoutes in the order in which they are registered
 * @param now the time for `runDate`
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

/**
 * The changes of a service at run time, for `SidecarAgent.update()`. Fields that you leave out stay
 * as they are.
 */
export interface ServiceChanges {
  /** The relative share of calls that this instance gets: a whole number, 1 or more. */
  readonly weight?: number;
  /**
   * All gRPC methods to register, as full paths such as `/acme.auth.v1.AuthService/Login`, in any
   * order.
   */
  readonly methods?: readonly string[];
  /** All HTTP routes to register, of one kind, in any order. */
  readonly httpRoutes?: readonly HttpRoute[];
}

/** Builds the node that replaces another one: the same instance with the same `runDate`. */
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
  const unique = sortUnique(methods);
  const services = new Set(unique.map((method) => method.slice(0, method.lastIndexOf('/'))));
  return { protoCount: services.size, methods: Object.freeze(unique) };
}
