import type { ConnectionEvent } from '../agent/protocol/connection-event.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../service/service-node.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import type { Duration } from '../support/timing/duration.js';
import { readGracePeriod } from './read-grace-period.js';
import { RegistrationLoop, type RegistrationParts } from './registration-loop.js';
import { notRegistered, refuseDisabled, refuseLeaving, statusWhere } from './registration-wait.js';

/**
 * Decides when to register, drain and deregister. Its method names are those of the Go library.
 *
 * - Your code may call {@link registered}, {@link drain}, {@link deregister}, {@link resume},
 *   {@link leave} and {@link status}. `SidecarAgent` offers the same with less to learn.
 * - Call {@link announce} and {@link update} only if your code builds the node itself.
 * - The module calls {@link onConnected}, {@link onDisconnected}, {@link observeEvent} and
 *   {@link recordError}. Your code calls them only for a watch of its own.
 */
export class RegistrationController {
  readonly #parts: RegistrationParts;
  readonly #loop: RegistrationLoop;

  /** The module creates it; inject it instead. */
  constructor(parts: RegistrationParts) {
    this.#parts = parts;
    this.#loop = new RegistrationLoop(parts);
    const events = parts.watch.events$.subscribe((event) => this.#watched(event));
    void this.#loop.left.then(() => events.unsubscribe());
  }

  /** Throws if the service is leaving the mesh or has left it. The module calls it. */
  refuseLeaving(): void {
    refuseLeaving(this.#loop.state);
  }

  /** The node that the next register sends; `undefined` before {@link announce}. */
  get node(): ServiceNode | undefined {
    return this.#loop.state.node ?? undefined;
  }

  /**
   * Starts to register a node: opens the event stream, and registers as soon as the agent sends
   * `connected`. The module calls it after the application is booted and its server is bound. With
   * another node it does the same as {@link update}, but does not wait.
   */
  announce(node: ServiceNode): void {
    this.#loop.dispatch({ type: 'ready', node, isLeftOver: this.#parts.memory?.isLeftOver });
  }

  /**
   * Registers another node in place of the one before, now or with the next register that is
   * possible. It must describe the same instance. `SidecarAgent.update()` calls it.
   *
   * @returns when the agent has accepted the node; at once if the service is drained or
   *   deregistered manually, since the node is registered when the service is resumed
   * @throws {SidecarAgentError} if the service leaves the mesh first, the option `enabled` is
   *   false, or the agent refuses the node with a route conflict: then it gets the last one again
   */
  async update(node: ServiceNode): Promise<void> {
    refuseLeaving(this.#loop.state);
    this.#loop.dispatch({ type: 'updated', node });
    // If a listener of the state calls this, the event is handled only after the listener returns.
    await Promise.resolve();
    const { revision } = this.#loop.state;
    const refusal = () => this.#loop.refusalSince(revision);
    await this.#statusWhere((status) => status.registeredRevision >= revision || this.#isHeld || !!refusal());
    const refused = refusal();
    if (refused) throw refused;
  }

  /** Registers, or replays the register. The module calls it; `loss` is told in words. */
  onConnected(loss?: string): void {
    this.#loop.dispatch({ type: 'connected', at: this.#parts.clock.now(), loss });
  }

  /**
   * Notes that there is no event stream: it is lost, or cannot be opened. The module calls it.
   *
   * @param nextRetryAt when the watch tries again, for the status
   */
  onDisconnected(nextRetryAt?: Date): void {
    const retryAt = nextRetryAt?.getTime();
    const next = Number.isNaN(retryAt) ? undefined : retryAt;
    this.#loop.dispatch({ type: 'disconnected', at: this.#parts.clock.now(), nextRetryAt: next });
  }

  /**
   * Adds an event of the watch to the status; the registration itself does not change. If the event
   * is `disconnected`, its error also goes to the log and to `onError`. The module calls it.
   */
  observeEvent(event: ConnectionEvent): void {
    // Stopping the watch is the last step of the leave; its event is not news.
    if (this.#loop.state.leaving === 'left') return;
    const at = this.#parts.clock.now();
    // First the error: the first status that shows the loss shows its reason, too.
    if (event.type === 'disconnected') this.#loop.dispatch({ type: 'lost', error: event.error, at });
    this.#parts.status.observe(event, at);
  }

  /** Passes an error to the status, the log and `onError`. The module calls it. */
  recordError(thrown: Error): void {
    const error = SidecarAgentError.from(thrown);
    this.#loop.dispatch({ type: 'error', error, at: this.#parts.clock.now() });
  }

  /**
   * Drains the service: the agent takes it out of rotation, and it keeps serving. No register is
   * sent until {@link resume}. Your code may call it.
   *
   * @param gracePeriod the time for calls in flight, above 0; milliseconds or text such as `"20s"`
   * @default the option `gracePeriod`
   * @returns when the agent has accepted the drain; at once if nothing was registered
   * @throws {SidecarAgentError} if the agent refuses or does not answer, or `gracePeriod` is not
   *   above 0
   */
  async drain(gracePeriod?: Duration): Promise<void> {
    const milliseconds = readGracePeriod(gracePeriod, this.#parts.settings.gracePeriod);
    return this.#loop.request({ operation: 'drain', gracePeriod: milliseconds });
  }

  /**
   * Deregisters the service: the agent takes it out of the registry. No register is sent until
   * {@link resume}. Your code may call it.
   *
   * @returns when the agent has accepted the deregister; at once if nothing was registered
   * @throws {SidecarAgentError} if the agent refuses or does not answer
   */
  deregister(): Promise<void> {
    return this.#loop.request({ operation: 'deregister' });
  }

  /**
   * Undoes {@link drain} and {@link deregister}: registers the service again. A drained instance is
   * deregistered first, since an agent keeps it out of rotation otherwise. Your code may call it.
   *
   * @returns when the agent has accepted the register; at once if the service was not drained or
   *   deregistered, or the option `enabled` is false
   * @throws {SidecarAgentError} if the service leaves the mesh first, or is drained or deregistered
   *   again
   */
  async resume(): Promise<void> {
    if (!this.#loop.state.enabled) return;
    refuseLeaving(this.#loop.state);
    if (!this.#isHeld) return;
    this.#loop.dispatch({ type: 'resumed' });
    const { registered } = await this.#statusWhere((status) => status.registered || this.#isHeld);
    if (!registered) {
      throw notRegistered('drain() or deregister() was called before the registration completed');
    }
  }

  /**
   * Leaves the mesh: drains, serves on, deregisters, waits for the last calls. The first call
   * starts it, later calls return the same promise. It never rejects, and takes `shutdownTimeout`
   * at most. The module calls it at shutdown; your code may call it earlier.
   *
   * @param atOnceWithin milliseconds: no drain, and calls in flight get the rest of this time. It
   *   also cuts short a leave that is under way
   */
  leave(atOnceWithin?: number): Promise<void> {
    this.#loop.leave(atOnceWithin);
    return this.#loop.left;
  }

  /**
   * Waits until the service is registered. Your code may call it.
   *
   * @throws {SidecarAgentError} if the service has left the mesh, or the option `enabled` is false
   */
  async registered(): Promise<void> {
    if (this.status().registered) return;
    await this.#statusWhere((status) => status.registered);
  }

  /** The errors of {@link leave}, oldest first. */
  get leaveErrors(): readonly SidecarAgentError[] {
    return this.#loop.leaveErrors;
  }

  /** Returns the current status. Your code may call it. */
  status(): SidecarStatus {
    return this.#parts.status.status();
  }

  #watched(event: ConnectionEvent): void {
    this.observeEvent(event);
    if (event.type === 'connected') this.onConnected(event.loss);
    if (event.type === 'disconnected') this.onDisconnected(event.nextRetryAt);
  }

  /** Whether the service is drained or deregistered manually. */
  get #isHeld(): boolean {
    return this.#loop.state.wanted !== 'registered';
  }

  #statusWhere(isWanted: (status: SidecarStatus) => boolean): Promise<SidecarStatus> {
    refuseDisabled(this.#loop.state);
    return statusWhere(this.#parts.status, isWanted);
  }
}
