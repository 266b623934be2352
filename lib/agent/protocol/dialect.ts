import type { ServiceNode } from '../../service/service-node.js';

/**
 * The form of the request bodies. An agent speaks one dialect and answers 400 to the other.
 *
 * - `node`: nested fields with the app's instance id, for agents that go with the Go library v0.1.0
 *   and later
 * - `flat`: one level of fields, for agents that go with the Go library v0.0.5 to v0.0.9, and for
 *   the public agent
 */
export type Dialect = 'node' | 'flat';

/** Identifies the instance to deregister: the fields that either dialect needs. */
export interface DeregisterRequest {
  readonly appId: string;
  readonly appInstanceId: string;
  readonly serviceName: string;
  /** The port this process listens on. */
  readonly servicePort: number;
}

/** Identifies the instance to drain. */
export interface DrainRequest extends DeregisterRequest {
  /**
   * How long calls in flight may continue, in milliseconds: a whole number above 0. The client
   * sends it in Go's notation, such as `20s`.
   */
  readonly gracePeriod: number;
}

/** Writes the JSON body of each call in one dialect. The functions have no side effects. */
export interface DialectEncoder {
  register(node: ServiceNode): string;
  drain(request: DrainRequest): string;
  deregister(request: DeregisterRequest): string;
}

/** Returns the fields that identify a node on the agent. */
export function identityOf(node: ServiceNode): DeregisterRequest {
  return {
    appId: node.app.id,
    appInstanceId: node.app.instanceId,
    serviceName: node.service.name,
    servicePort: node.serverPort,
  };
}
