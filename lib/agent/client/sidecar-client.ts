import type { HeaderValues } from '../connection/agent-endpoint.js';
import type { ServiceNode } from '../../service/service-node.js';
import type { DeregisterRequest, Dialect, DrainRequest } from '../protocol/dialect.js';

/** The answer to a call that succeeded. Every text is bounded and free of control characters. */
export interface SidecarAnswer {
  /** The dialect of the call. */
  readonly dialect?: Dialect;
  /** The HTTP status. */
  readonly statusCode?: number;
  /** The agent's code, such as `register_ok`; empty if the answer has none. */
  readonly code?: string;
  /** The agent's message; empty if the answer has none. */
  readonly message?: string;
  /**
   * The state of the instance: `Init`, `Registered`, `Serving`, `Draining` or `Deregistered`. After
   * a register, `Draining` means that the agent still keeps the instance out of rotation.
   */
  readonly state?: string;
  /** The id of the instance on the agent. */
  readonly instanceId?: string;
  /** When the agent drops a draining instance, in the agent's own notation. */
  readonly drainDeadline?: string;
}

/** The options of one call. */
export interface CallOptions {
  /**
   * The dialect to try first, since the agent is known to speak it. It has an effect only if the
   * option `dialect` of the module is `'auto'`.
   *
   * @default undefined: the client tries what the agent spoke last, at first `node`, and the other
   * dialect if the agent refuses the first as one of the other dialect does
   */
  readonly dialect?: Dialect;
  /**
   * The most milliseconds of the call. A register gets five times `requestTimeout`.
   *
   * @default undefined: the option `requestTimeout` of the module
   */
  readonly timeout?: number;
  /**
   * Whether a register must bring the instance back into rotation, since a drain that is not wanted
   * any more may have reached the agent. Agents of a dialect tell in their answer if it has.
   *
   * @default undefined: it leaves a drain of another client alone
   */
  readonly undoesDrain?: boolean;
  /**
   * Header fields of this call alone, such as `traceparent`. The option `headers` wins.
   *
   * @default undefined: none
   */
  readonly headers?: HeaderValues;
}

/**
 * The three calls to the agent. It is a DI token: provide a client of your own to replace the one
 * over HTTP.
 *
 * @example
 * ```ts
 * const providers = [{ provide: SidecarClient, useClass: MyClient }];
 * SidecarAgentModule.forRoot({ ...options, providers });
 * ```
 */
export abstract class SidecarClient {
  /**
   * Registers the service. If the agent has the same node already, it refreshes the registration.
   *
   * @throws {SidecarApiError} if the agent refused the call
   * @throws {SidecarConnectionError} if there was no complete answer within `requestTimeout`
   */
  abstract register(node: ServiceNode, options?: CallOptions): Promise<SidecarAnswer>;

  /**
   * Takes the instance out of rotation: routers send no new calls to it.
   *
   * @throws {SidecarApiError} if the agent refused the call; status 400 if it does not know the
   *   instance
   * @throws {SidecarConnectionError} if there was no complete answer within `requestTimeout`
   */
  abstract drain(request: DrainRequest, options?: CallOptions): Promise<SidecarAnswer>;

  /**
   * Removes the instance from the registry.
   *
   * @throws {SidecarApiError} if the agent refused the call; status 400 if it does not know the
   *   instance
   * @throws {SidecarConnectionError} if there was no complete answer within `requestTimeout`
   */
  abstract deregister(request: DeregisterRequest, options?: CallOptions): Promise<SidecarAnswer>;

  /** Closes the connections. The module calls it once, after it has deregistered. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
