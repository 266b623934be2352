import type { ServiceNode } from '../../service/service-node.js';

/** The two wire forms. An agent speaks one of them and answers 400 to the other. */
export type Dialect = 'node' | 'flat';

/** Who is leaving: all that either dialect names an instance by. */
export interface DeregisterRequest {
  readonly appId: string;
  readonly appInstanceId: string;
  readonly serviceName: string;
  /** The port this process listens on. */
  readonly servicePort: number;
}

/** Who is to be taken out of rotation, and for how long calls in flight may go on. */
export interface DrainRequest extends DeregisterRequest {
  /** Milliseconds, above 0; on the wire a Go duration. */
  readonly gracePeriod: number;
}

/** One dialect: the JSON text of each call's body. Pure functions of their argument. */
export interface DialectEncoder {
  register(node: ServiceNode): string;
  drain(request: DrainRequest): string;
  deregister(request: DeregisterRequest): string;
}

/** What identifies a node to the agent. */
export function identityOf(node: ServiceNode): DeregisterRequest {
  return {
    appId: node.app.id,
    appInstanceId: node.app.instanceId,
    serviceName: node.service.name,
    servicePort: node.serverPort,
  };
}
