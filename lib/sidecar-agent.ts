import type { SidecarAgentError } from './errors/sidecar-agent.error.js';
import type { ServiceNode } from './node/service-node.js';
import type { Duration } from './options/duration.js';
import type { RegistrationController } from './registration/registration.controller.js';
import type { SidecarStatus } from './status/sidecar-status.js';

/** Builds the node of what is served at this moment. */
export type DescribeService = () => Promise<ServiceNode>;

/**
 * The whole module behind one object: inject it to wait for the registration, to drain by hand or to leave.
 *
 * @example
 * ```ts
 * const agent = app.get(SidecarAgent);
 * await agent.registered();
 * console.log(agent.node?.methods);
 * ```
 */
export class SidecarAgent {
  readonly #registration: RegistrationController;
  readonly #describe: DescribeService;
  readonly #enabled: boolean;
  #node?: ServiceNode;
  #started?: Promise<void>;

  constructor(registration: RegistrationController, describe: DescribeService, enabled: boolean) {
    this.#registration = registration;
    this.#describe = describe;
    this.#enabled = enabled;
  }

  /** What is announced; `undefined` until the server is booted and bound, for only then its methods are known. */
  get node(): ServiceNode | undefined {
    return this.#node;
  }

  /**
   * Announces the service from now on: builds the node, watches the agent and registers. The module calls it when the
   * application is booted and bound; call it yourself only where the server is none of Nest's. Once is enough.
   *
   * @throws {SidecarAgentError} where the methods cannot be read
   */
  start(): Promise<void> {
    this.#started ??= this.#start().catch((thrown: unknown) => {
      // What was missing may be there the next time.
      this.#started = undefined;
      throw thrown;
    });
    return this.#started;
  }

  /**
   * Resolves as soon as the agent has accepted the registration.
   *
   * @throws {SidecarAgentError} where the service has left before, or the module is turned off
   */
  registered(): Promise<void> {
    return this.#registration.registered();
  }

  /**
   * Takes the service out of rotation while it goes on serving. It stays out, over restarts of the agent too.
   *
   * @param gracePeriod how long calls in flight may go on, above zero
   * @default gracePeriod of the options
   * @throws {SidecarAgentError} the agent's refusal
   */
  drain(gracePeriod?: Duration): Promise<void> {
    return this.#registration.drain(gracePeriod);
  }

  /**
   * Takes the service out of the registry. It stays out.
   *
   * @throws {SidecarAgentError} the agent's refusal
   */
  deregister(): Promise<void> {
    return this.#registration.deregister();
  }

  /**
   * Leaves the mesh: drains, serves until no call is in flight, deregisters. The server stays open. It is what the module
   * does at shutdown, and happens once, whoever asks first; it never rejects and is bound by `shutdownTimeout`.
   */
  shutdown(): Promise<void> {
    return this.#registration.leave();
  }

  /**
   * What went wrong while the service left, in its order: a drain or a deregister that failed, or no time for them. Empty
   * before the leave, and after one that went well; an agent that does not know the instance is no error.
   */
  get shutdownErrors(): readonly SidecarAgentError[] {
    return this.#registration.leaveErrors;
  }

  /** The status now. */
  status(): SidecarStatus {
    return this.#registration.status();
  }

  async #start(): Promise<void> {
    if (!this.#enabled) return;
    const node = await this.#describe();
    this.#node = node;
    this.#registration.announce(node);
  }
}
