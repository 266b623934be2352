import type { SidecarAgentError } from './errors/sidecar-agent.error.js';
import type { Beacon } from './in-flight/beacon.js';
import type { InFlightCalls } from './in-flight/in-flight-calls.js';
import type { RegistrationController } from './registration/registration-controller.js';
import type { ServiceUpdates } from './registration/service-updates.js';
import type { ServiceChanges } from './service/build-service-node.js';
import type { ServiceNode } from './service/service-node.js';
import type { SidecarStatus } from './status/sidecar-status.js';
import type { Duration } from './support/timing/duration.js';

/**
 * The registration of your service. Inject it to wait for the registration, to read its status, to
 * change what is registered, or to drain and deregister the service manually.
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
  readonly #calls: InFlightCalls;
  readonly #enabled: boolean;

  /** The module creates it; inject it instead. */
  constructor(
    registration: RegistrationController,
    updates: ServiceUpdates,
    calls: InFlightCalls,
    enabled: boolean,
  ) {
    this.#registration = registration;
    this.#updates = updates;
    this.#calls = calls;
    this.#enabled = enabled;
  }

  /**
   * The node that the module registers: the service with its methods and routes. `undefined` until
   * the application is booted and its server is bound, since the methods are not known before.
   */
  get node(): ServiceNode | undefined {
    return this.#registration.node;
  }

  /**
   * Builds the node, opens the event stream and registers. The module calls it after the
   * application is booted and its server is bound. Call it yourself only for a server that Nest did
   * not create, after it listens. A second call changes nothing, unless the first has failed.
   *
   * @throws {SidecarAgentError} if the node cannot be built, for example if the methods cannot be
   *   read
   */
  async start(): Promise<void> {
    if (this.#enabled) await this.#updates.start();
  }

  /**
   * Waits until the agent has accepted the registration.
   *
   * @throws {SidecarAgentError} if the service leaves the mesh first, or the option `enabled` is
   *   false
   */
  registered(): Promise<void> {
    return this.#registration.registered();
  }

  /**
   * Drains the service: the agent takes it out of rotation, and it keeps serving. It stays drained,
   * also if the agent restarts, until {@link resume}. If other processes register the same
   * instance, nothing is sent: this process stops registering, and the others keep it.
   *
   * @param gracePeriod the time for calls in flight, above 0; milliseconds or text such as `"20s"`
   * @default the option `gracePeriod`
   * @returns when the agent has accepted the drain; at once if nothing was registered
   * @throws {SidecarAgentError} if the agent refuses or does not answer, or `gracePeriod` is not
   *   above 0
   */
  drain(gracePeriod?: Duration): Promise<void> {
    return this.#registration.drain(gracePeriod);
  }

  /**
   * Deregisters the service: the agent takes it out of the registry. It stays deregistered, also if
   * the agent restarts, until {@link resume}. If other processes register the same instance,
   * nothing is sent: this process stops registering, and the others keep it.
   *
   * @returns when the agent has accepted the deregister; at once if nothing was registered
   * @throws {SidecarAgentError} if the agent refuses or does not answer
   */
  deregister(): Promise<void> {
    return this.#registration.deregister();
  }

  /**
   * Undoes {@link drain} and {@link deregister}: registers the service again. A drained instance is
   * deregistered first, since an agent keeps it out of rotation otherwise.
   *
   * @returns when the agent has accepted the register; at once if the service was not drained or
   *   deregistered, or the option `enabled` is false
   * @throws {SidecarAgentError} if the service leaves the mesh first, or is drained or deregistered
   *   again
   */
  resume(): Promise<void> {
    return this.#registration.resume();
  }

  /**
   * Changes what is registered while the service runs. Fields that you leave out stay as they are.
   * Changes within 100 ms share one register. The module retries it until the agent accepts it, and
   * replays it at every reconnect.
   *
   * @param changes
   *   - `weight`: the share of calls, an integer of 1 or more
   *   - `methods`: the full gRPC method paths, all of them
   *   - `httpRoutes`: all routes, of one kind; a route to a gRPC method must lead to a registered
   *     one
   * @returns when the agent has accepted the changes; at once before the start, and while the
   *   service is drained or deregistered manually. Then they are part of the next register
   * @throws {InvalidOptionsError} with every fault of the changes; then nothing changes
   * @throws {SidecarAgentError} if the service leaves the mesh first
   *
   * @example
   * ```ts
   * await agent.update({ weight: 10 }); // a canary
   * agent.status().weight; // 10
   * ```
   */
  async update(changes: ServiceChanges): Promise<void> {
    await this.#updates.update(changes);
  }

  /**
   * Counts work that the module cannot see, such as a background job or a call of a server that
   * Nest did not create. The service leaves the mesh after it, or after `gracePeriod`; the close
   * waits for it until `shutdownTimeout`. `status().inFlight` includes it.
   *
   * @returns call its `end()` when the work is done, also if the work fails
   *
   * @example
   * ```ts
   * const beacon = agent.beacon();
   * socket.once('close', () => beacon.end());
   * ```
   */
  beacon(): Beacon {
    const end = this.#calls.begin();
    return { end, [Symbol.dispose]: end };
  }

  /**
   * Counts work in the same way as {@link beacon} until its promise has settled.
   *
   * @returns a promise with the same result; it rejects if yours does, so use it in place of yours
   *
   * @example
   * ```ts
   * await agent.track(sendInvoices());
   * ```
   */
  async track<T>(promise: Promise<T>): Promise<T> {
    const end = this.#calls.begin();
    try {
      return await promise;
    } finally {
      end();
    }
  }

  /**
   * Leaves the mesh: drains, keeps serving until no call is in flight, deregisters. The server
   * stays open. The module calls it at shutdown. The first call starts it, later calls return the
   * same promise. It never rejects, and takes `shutdownTimeout` at most.
   */
  shutdown(): Promise<void> {
    return this.#registration.leave();
  }

  /**
   * The errors of {@link shutdown}, oldest first: a drain or deregister that failed, or a
   * `shutdownTimeout` that was reached before the agent accepted the deregister. Empty before the
   * shutdown and after one without errors. It is not an error if the agent does not know the
   * instance.
   */
  get shutdownErrors(): readonly SidecarAgentError[] {
    return this.#registration.leaveErrors;
  }

  /** Returns the current status. */
  status(): SidecarStatus {
    return this.#registration.status();
  }
}
