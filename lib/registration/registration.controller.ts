import type { Logger } from '@nestjs/common';
import { EmptyError, filter, firstValueFrom, type Subscription } from 'rxjs';
import { addressOf } from '../connection/connection-failure.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../node/service-node.js';
import { type Duration, readDuration } from '../options/duration.js';
import type { ConnectionEvent } from '../protocol/connection-event.js';
import type { SidecarStatus } from '../status/sidecar-status.js';
import type { SidecarStatusService } from '../status/sidecar-status.service.js';
import { guardedListener } from './guarded-listener.js';
import { leaveFailures } from './leave-failures.js';
import type { RegistrationEvent } from './registration.event.js';
import { type ExecutorParts, RegistrationExecutor } from './registration.executor.js';
import { RegistrationLog } from './registration.log.js';
import { initialState, type RegistrationState, type Request } from './registration.state.js';
import { transition } from './registration.transition.js';

/** What the controller works with. */
export interface RegistrationParts extends ExecutorParts {
  readonly status: SidecarStatusService;
  readonly logger: Logger;
}

/**
 * Decides what is said to the agent, and when: the one place that does. It is told what happens, and keeps the state
 * machine of the registration. The module drives it; the methods named `on…` are for a watch of your own.
 */
export class RegistrationController {
  readonly #parts: RegistrationParts;
  readonly #executor: RegistrationExecutor;
  readonly #log: RegistrationLog;
  readonly #onError: (error: SidecarAgentError) => void;
  readonly #events: Subscription;
  readonly #queue: RegistrationEvent[] = [];
  readonly #settling = new Map<Request, (error?: SidecarAgentError) => void>();
  readonly #leaveErrors: SidecarAgentError[] = [];
  readonly #left: Promise<void>;
  #resolveLeft = () => {};
  #state: RegistrationState;
  #busy = false;

  constructor(parts: RegistrationParts) {
    const { options, watch, logger } = parts;
    this.#parts = parts;
    this.#executor = new RegistrationExecutor(parts, (event) => this.#dispatch(event));
    this.#log = new RegistrationLog(logger, addressOf(options.endpoint));
    this.#onError = guardedListener(options.onError, logger);
    this.#state = initialState({ enabled: options.enabled, graceful: options.gracePeriod > 0 });
    parts.status.publish(this.#state);
    this.#left = new Promise((resolve) => (this.#resolveLeft = resolve));
    this.#events = watch.events$.subscribe((event) => this.#watched(event));
  }

  /** Announces the node from now on: the application is booted and bound. Only the first call counts. */
  announce(node: ServiceNode): void {
    this.#executor.announce(node);
    const service = { name: node.service.name, port: node.serverPort };
    this.#dispatch({ type: 'ready', service, instanceId: node.app.instanceId });
  }

  /** The agent said `connected`: register, or replay the register. */
  onConnected(): void {
    this.#dispatch({ type: 'connected', at: this.#parts.clock.now() });
  }

  /** The event stream is gone, or did not come up. */
  onDisconnected(nextRetryAt?: Date): void {
    const at = this.#parts.clock.now();
    this.#dispatch({ type: 'disconnected', at, nextRetryAt: nextRetryAt?.getTime() });
  }

  /** Takes note of an event for the status; it changes nothing of the registration. */
  observeEvent(event: ConnectionEvent): void {
    if (event.type === 'disconnected') this.#onError(event.error);
    this.#dispatch({ type: 'observed', event, at: this.#parts.clock.now() });
  }

  /** Takes note of an error: status, log and `onError` have it. */
  recordError(thrown: Error): void {
    const error = SidecarAgentError.from(thrown);
    this.#dispatch({ type: 'error', error, at: this.#parts.clock.now() });
  }

  /**
   * Takes the service out of rotation and keeps it out: from here on `connected` sends no register.
   *
   * @param gracePeriod how long calls in flight may go on, above zero
   * @default gracePeriod of the options
   * @returns when the agent has taken it, or at once where nothing was registered
   * @throws {SidecarAgentError} the agent's refusal, or an unusable grace period
   */
  async drain(gracePeriod: Duration = this.#parts.options.gracePeriod): Promise<void> {
    const milliseconds = readDuration(gracePeriod);
    if (!milliseconds || milliseconds < 1) {
      throw new SidecarAgentError('invalid_options', 'drain needs a grace period above zero, such as "20s"');
    }
    return this.#request({ operation: 'drain', gracePeriod: milliseconds });
  }

  /**
   * Takes the service out of the registry and keeps it out.
   *
   * @returns when the agent has taken it, or at once where nothing was registered
   * @throws {SidecarAgentError} the agent's refusal
   */
  deregister(): Promise<void> {
    return this.#request({ operation: 'deregister' });
  }

  /**
   * Leaves: no register any more, then drain, serve on, deregister, serve on. The same promise for everybody who asks; it
   * never rejects, and is bound by `shutdownTimeout`.
   */
  leave(): Promise<void> {
    if (!this.#state.leaving) {
      this.#executor.startDeadline();
      this.#dispatch({ type: 'leave' });
    }
    return this.#left;
  }

  /**
   * Resolves as soon as the service is registered, at once where it is.
   *
   * @throws {SidecarAgentError} where it has left, or the module is turned off
   */
  async registered(): Promise<void> {
    if (!this.#state.enabled) throw neverRegistered('the option enabled is false');
    try {
      await firstValueFrom(this.#parts.status.status$.pipe(filter((status) => status.registered)));
    } catch (thrown) {
      throw thrown instanceof EmptyError ? neverRegistered('it has left') : thrown;
    }
  }

  /** What went wrong in the leave, in its order. */
  get leaveErrors(): readonly SidecarAgentError[] {
    return [...this.#leaveErrors];
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

  #request(request: Request): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settling.set(request, (error) => (error ? reject(error) : resolve()));
      this.#dispatch({ type: 'requested', request });
    });
  }

  /** One event after the other, those that come of carrying out a command included. */
  #dispatch(event: RegistrationEvent): void {
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#step(next);
    } finally {
      this.#busy = false;
    }
  }

  #step(event: RegistrationEvent): void {
    const before = this.#state;
    const [after, commands] = transition(before, event);
    this.#state = after;
    if (after !== before) this.#parts.status.publish(after);
    this.#log.tell(before, event, after);
    this.#leaveErrors.push(...leaveFailures(before, event));
    if (event.type === 'failed' || event.type === 'error') this.#onError(event.error);
    // The end of the watch is no news any more.
    if (after.leaving === 'left') this.#events.unsubscribe();
    for (const command of commands) {
      if (command.type === 'settled') {
        this.#settling.get(command.request)?.(command.error);
        this.#settling.delete(command.request);
      } else {
        this.#executor.execute(command);
      }
    }
    if (after.leaving === 'left') this.#end();
  }

  #end(): void {
    this.#parts.status.complete();
    this.#resolveLeft();
  }
}

function neverRegistered(why: string): SidecarAgentError {
  return new SidecarAgentError('runtime_error', `the service will not be registered: ${why}`);
}
