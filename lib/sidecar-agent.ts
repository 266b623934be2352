import type { ServiceUpdates } from './registration/service-updates.js';
import type { SidecarAgentError } from './errors/sidecar-agent.error.js';
import type { ServiceChanges } from './service/build-service-node.js';
import type { ServiceNode } from './service/service-node.js';
import type { Duration } from './support/timing/duration.js';
import type { RegistrationController } from './registration/registration-controller.js';
import type { SidecarStatus } from './status/sidecar-status.js';

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
  readonly #updates: ServiceUpdates;
  readonly #enabled: boolean;

  constructor(registration: RegistrationController, updates: ServiceUpdates, enabled: boolean) {
    this.#registration = registration;
    this.#updates = updates;
    this.#enabled = enabled;
  }

  /** What is announced; `undefined` until the server is booted and bound, for only then its methods are known. */
  get node(): ServiceNode | undefined {
    return this.#registration.node;
  }

  /**
   * Announces the service from now on: builds the node, watches the agent and registers. The module calls it when the
   * application is booted and bound; call it yourself only where the server is none of Nest's. Once is enough.
   *
   * @throws {SidecarAgentError} where the methods cannot be read
   */
  async start(): Promise<void> {
    if (this.#enabled) await this.#updates.start();
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
   * Brings back what {@link drain} or {@link deregister} took out. An agent keeps a draining instance out at a register too: hence
   * it is deregistered first, and registered then.
   *
   * @returns when the agent has accepted the registration; at once where nothing was taken out, or the module is turned off
   * @throws {SidecarAgentError} where the service leaves before, or is taken out again
   */
  resume(): Promise<void> {
    return this.#registration.resume();
  }

  /**
   * Changes what is announced, while the service runs. Changes that come within 100 ms go out as one register, and like every
   * register it is repeated until the agent accepts it and replayed at every reconnect. What is left out stays as it is.
   *
   * @param changes `weight`: the share of calls, a whole number above 0. `methods`: full gRPC method paths, all of them.
   *   `httpRoutes`: all of them, of one sort; those that lead to a gRPC method must lead to one that is announced
   * @returns when the agent has accepted them; at once where none is to be sent for now: before the start, and while
   *   the service is drained or deregistered by hand. They go out with the next register then
   * @throws {InvalidOptionsError} with every fault of the changes; nothing is changed then
   * @throws {SidecarAgentError} where the service leaves before
   *
   * @example
   * ```ts
   * await agent.update({ weight: 10 }); // a canary: the agent has it now
   * agent.status().weight; // 10
   * ```
   */
  async update(changes: ServiceChanges): Promise<void> {
    await this.#updates.update(changes);
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
}
