import type { ServiceNode } from '../../service/service-node.js';
import type { DeregisterRequest, Dialect, DrainRequest } from '../protocol/dialect.js';

/** What the agent said to a call that succeeded. Texts are bounded and free of control characters. */
export interface SidecarAnswer {
  /** The dialect in which the call succeeded. */
  readonly dialect?: Dialect;
  /** The HTTP status. */
  readonly statusCode?: number;
  /** The agent's code, such as `register_ok`. */
  readonly code?: string;
  /** The agent's words. */
  readonly message?: string;
  /** The instance's state: `Init`, `Registered`, `Serving`, `Draining` or `Deregistered`. */
  readonly state?: string;
  /** The id under which the agent holds the instance. */
  readonly instanceId?: string;
  /** When a draining instance is dropped, in the agent's own notation. */
  readonly drainDeadline?: string;
}

/** How a call is made. */
export interface CallOptions {
  /** The dialect that the agent is known to speak; without it the client finds out. */
  readonly dialect?: Dialect;
}

/**
 * The three calls to the agent, and the DI token under which another client can take the place of the one over HTTP:
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRoot({ ...options, providers: [{ provide: SidecarClient, useClass: MyClient }] })
 * ```
 */
export abstract class SidecarClient {
  /**
   * Announces the service, or announces it again: agents take the same node as a refresh.
   *
   * @throws {SidecarApiError} where the agent answered no
   * @throws {SidecarConnectionError} where there was no complete answer within `requestTimeout`
   */
  abstract register(node: ServiceNode, options?: CallOptions): Promise<SidecarAnswer>;

  /** Asks for no more calls. Throws as {@link register} does; a status of 400 means that the agent knows no such instance. */
  abstract drain(request: DrainRequest, options?: CallOptions): Promise<SidecarAnswer>;

  /** Takes the instance out of the registry. Throws as {@link register} does; 400 as with {@link drain}. */
  abstract deregister(request: DeregisterRequest, options?: CallOptions): Promise<SidecarAnswer>;

  /** Frees connections. Called once, when the module has left. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
