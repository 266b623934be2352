import { EmptyError, filter, firstValueFrom } from 'rxjs';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../service/service-node.js';
import { type Duration, readDuration } from '../support/timing/duration.js';
import type { ConnectionEvent } from '../agent/protocol/connection-event.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import { RegistrationLoop, type RegistrationParts } from './registration-loop.js';

/**
 * Decides what is said to the agent, and when: the one place that does. It is told what happens, and keeps the state
 * machine of the registration. The module drives it; the methods named `on…` are for a watch of your own.
 */
export class RegistrationController {
  readonly #parts: RegistrationParts;
  readonly #loop: RegistrationLoop;

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
    this.#loop = new RegistrationLoop(parts);
    const events = parts.watch.events$.subscribe((event) => this.#watched(event));
    void this.#loop.left.then(() => events.unsubscribe());
  }

  /** What is announced; `undefined` before {@link announce}. */
  get node(): ServiceNode | undefined {
    return this.#loop.state.node ?? undefined;
  }

  /**
   * Announces the node from now on: the application is booted and bound. A second call is an {@link update} that nobody waits
   * for.
   */
  announce(node: ServiceNode): void {
    this.#loop.dispatch({ type: 'ready', node });
  }

  /**
   * Announces another node in place of the one before: with the next register where none can be sent now, and at once where the
   * service is registered. It must be the same instance.
   *
   * @returns when the agent has accepted it; at once where the service is held back by hand, since then it goes out when the
   *   service is resumed
   * @throws {SidecarAgentError} where the service leaves before, or the module is turned off
   */
  async update(node: ServiceNode): Promise<void> {
    this.#refuseLeaving();
    this.#loop.dispatch({ type: 'updated', node });
    // Asked for by a listener of the state, it only takes its turn when that has returned.
    await Promise.resolve();
    const { revision } = this.#loop.state;
    await this.#reached((status) => status.registeredRevision >= revision || this.#isHeld);
  }

  /** The agent said `connected`: register, or replay the register. */
  onConnected(): void {
    this.#loop.dispatch({ type: 'connected', at: this.#parts.clock.now() });
  }

  /** The event stream is gone, or did not come up. */
  onDisconnected(nextRetryAt?: Date): void {
    const retryAt = nextRetryAt?.getTime();
    this.#loop.dispatch({
      type: 'disconnected',
      at: this.#parts.clock.now(),
      nextRetryAt: Number.isNaN(retryAt) ? undefined : retryAt,
    });
  }

  /** Takes note of an event for the status; it changes nothing of the registration. Why a stream was lost, log and `onError` have too. */
  observeEvent(event: ConnectionEvent): void {
    // The end of the watch, which is the last that is done, is no news.
    if (this.#loop.state.leaving === 'left') return;
    const at = this.#parts.clock.now();
    // The reason first: who sees in the status that the stream is lost sees there why.
    if (event.type === 'disconnected') this.#loop.dispatch({ type: 'lost', error: event.error, at });
    this.#parts.status.observe(event, at);
  }

  /** Takes note of an error: status, log and `onError` have it. */
  recordError(thrown: Error): void {
    const error = SidecarAgentError.from(thrown);
    this.#loop.dispatch({ type: 'error', error, at: this.#parts.clock.now() });
  }

  /**
   * Takes the service out of rotation and keeps it out: from here on `connected` sends no register.
   *
   * @param gracePeriod how long calls in flight may go on, above zero
   * @default gracePeriod of the options
   * @returns when the agent has taken it, or at once where nothing was registered
   * @throws {SidecarAgentError} the agent's refusal, or an unusable grace period
   */
  async drain(gracePeriod: Duration = this.#parts.settings.gracePeriod): Promise<void> {
    const milliseconds = readDuration(gracePeriod);
    if (!milliseconds || milliseconds < 1) {
      throw new SidecarAgentError('invalid_options', 'drain needs a grace period above zero, such as "20s"');
    }
    return this.#loop.request({ operation: 'drain', gracePeriod: milliseconds });
  }

  /**
   * Takes the service out of the registry and keeps it out.
   *
   * @returns when the agent has taken it, or at once where nothing was registered
   * @throws {SidecarAgentError} the agent's refusal
   */
  deregister(): Promise<void> {
    return this.#loop.request({ operation: 'deregister' });
  }

  /**
   * Brings back what {@link drain} or {@link deregister} took out. An instance that is draining stays so at a register: hence it
   * is deregistered first.
   *
   * @returns when the agent has accepted the registration; at once where nothing was taken out, or the module is turned off
   * @throws {SidecarAgentError} where the service leaves before, or is taken out again
   */
  async resume(): Promise<void> {
    if (!this.#loop.state.enabled) return;
    this.#refuseLeaving();
    if (!this.#isHeld) return;
    this.#loop.dispatch({ type: 'resumed' });
    const { registered } = await this.#reached((status) => status.registered || this.#isHeld);
    if (!registered) throw neverRegistered('it was taken out again before');
  }

  /**
   * Leaves: no register any more, then drain, serve on, deregister, serve on. The same promise for everybody who asks; it
   * never rejects, and is bound by `shutdownTimeout`.
   */
  leave(): Promise<void> {
    this.#loop.leave();
    return this.#loop.left;
  }

  /**
   * Resolves as soon as the service is registered, at once where it is.
   *
   * @throws {SidecarAgentError} where it has left, or the module is turned off
   */
  async registered(): Promise<void> {
    await this.#reached((status) => status.registered);
  }

  #refuseLeaving(): void {
    const { leaving } = this.#loop.state;
    if (leaving) throw neverRegistered(leaving === 'left' ? 'it has left' : 'it is leaving');
  }

  /** Whether the service is taken out by hand. */
  get #isHeld(): boolean {
    return this.#loop.state.wanted !== 'registered';
  }

  async #reached(isThere: (status: SidecarStatus) => boolean): Promise<SidecarStatus> {
    if (!this.#loop.state.enabled) throw neverRegistered('the option enabled is false');
    try {
      return await firstValueFrom(this.#parts.status.status$.pipe(filter(isThere)));
    } catch (thrown) {
      throw thrown instanceof EmptyError ? neverRegistered('it has left') : thrown;
    }
  }

  /** What went wrong in the leave, in its order. */
  get leaveErrors(): readonly SidecarAgentError[] {
    return this.#loop.leaveErrors;
  }

  /** The status now. */
  status(): SidecarStatus {
    return this.#parts.status.status();
  }

  #watched(event: ConnectionEvent): void {
    this.observeEvent(event);
    if (event.type === 'connected') this.onConnected();
    if (event.type === 'disconnected') this.onDisconnected(event.nextRetryAt);
  }
}

function neverRegistered(why: string): SidecarAgentError {
  return new SidecarAgentError('runtime_error', `the service will not be registered: ${why}`);
}
