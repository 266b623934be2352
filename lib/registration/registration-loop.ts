import { addressOf, agentKindOf } from '../agent/connection/agent-endpoint.js';
import { speaksDialect } from '../agent/connection/agent-kind.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { SidecarStatusService } from '../status/sidecar-status.service.js';
import { outsideCallers, restoringContext } from '../support/outside-callers.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { runGuarded } from '../support/listeners/run-guarded.js';
import { describeThrown } from '../support/text/describe-thrown.js';
import { holdProcessDuring } from '../support/timing/hold-process.js';
import { ChangePublisher } from './change-publisher.js';
import { guardedListener } from './guarded-listener.js';
import { leaveFailures } from './machine/leave-failures.js';
import { withLostSince } from './machine/lost-since.js';
import type { RegistrationCommand } from './machine/registration-command.js';
import type { RegistrationEvent } from './machine/registration-event.js';
import { initialState, type ManualRequest, type RegistrationState } from './machine/registration-state.js';
import { transition } from './machine/registration-transition.js';
import { type DatedNews, type NewsListener, NewsTeller } from './news/news-teller.js';
import { PublishingClient } from './publishing-client.js';
import { type ExecutorParts, RegistrationExecutor } from './registration-executor.js';
import { RegistrationLog } from './registration-log.js';
import { type RegistrationMemory, updateMemory } from './registration-memory.js';

/** What the registration works with. */
export interface RegistrationParts extends ExecutorParts {
  readonly status: SidecarStatusService;
  /** Absent if nothing is kept beyond the end of the process. */
  readonly memory?: RegistrationMemory;
  /** Is called when the service begins to leave the mesh, with the end of the leave. */
  readonly hold?: { during(left: Promise<void>): void };
  /** Gets what happens to the registration, after each step. */
  readonly listener?: NewsListener;
  /** Is aborted when the service begins to leave the mesh. */
  readonly leaving?: Pick<AbortController, 'abort'>;
}

/**
 * Runs the state machine: takes the events one by one, publishes each new state, writes the log,
 * and has the commands carried out.
 */
export class RegistrationLoop {
  readonly #status: SidecarStatusService;
  readonly #executor: RegistrationExecutor;
  readonly #log: RegistrationLog;
  readonly #logger: RegistrationParts['logger'];
  readonly #memory?: RegistrationMemory;
  readonly #clock: SidecarClock;
  readonly #onError: (error: SidecarAgentError) => void;
  readonly #teller: NewsTeller;
  readonly #publisher: ChangePublisher;
  readonly #hold: RegistrationParts['hold'];
  readonly #leaving: RegistrationParts['leaving'];
  readonly #shutdownTimeout: number;
  readonly #queue: RegistrationEvent[] = [];
  readonly #leaveErrors: SidecarAgentError[] = [];
  readonly #settle = new Map<ManualRequest, (error?: SidecarAgentError) => void>();
  #resolveLeft = () => {};
  #state: RegistrationState;
  #busy = false;
  #hasBegunToLeave = false;

  /** Resolves when the service has left the mesh. */
  readonly left: Promise<void>;

  constructor(parts: RegistrationParts) {
    const { settings, status, logger, memory } = parts;
    this.#status = status;
    this.#memory = memory;
    this.#clock = parts.clock;
    this.#publisher = new ChangePublisher(status);
    this.#executor = new RegistrationExecutor(
      { ...parts, client: new PublishingClient(parts) },
      (event) => this.dispatch(event),
      () => this.#state,
    );
    this.#logger = logger;
    const kind = agentKindOf(settings.endpoint);
    this.#log = new RegistrationLog(logger, parts.clock, addressOf(settings.endpoint), kind);
    this.#onError = guardedListener(settings.onError, logger);
    this.#teller = new NewsTeller(parts.clock, status, parts.listener);
    this.#hold = parts.hold;
    this.#leaving = parts.leaving;
    this.#shutdownTimeout = settings.shutdownTimeout;
    const { enabled, gracePeriod, dialect } = settings;
    const chosenDialect = dialect === 'auto' ? null : dialect;
    const hasDialects = speaksDialect(kind);
    this.#state = initialState({ enabled, graceful: gracePeriod > 0, chosenDialect, hasDialects });
    status.publish(this.#state);
    this.left = new Promise((resolve) => {
      this.#resolveLeft = resolve;
    });
  }

  get state(): RegistrationState {
    return this.#state;
  }

  /** Returns why the agent refused a change of this revision or a later one for good. */
  refusalSince(revision: number): SidecarAgentError | undefined {
    const { refusal } = this.#state;
    return refusal && refusal.revision >= revision ? refusal.error : undefined;
  }

  /** The errors of the leave so far, oldest first. */
  get leaveErrors(): readonly SidecarAgentError[] {
    return [...this.#leaveErrors];
  }

  /**
   * Starts to leave the mesh, unless it has started; `shutdownTimeout` counts from here. With
   * `atOnceWithin` there is no drain, and a leave that is under way is cut short.
   */
  leave(atOnceWithin?: number): void {
    const atOnce = atOnceWithin !== undefined;
    // A listener may call this within a step: the state shows the leave only in a later one.
    const hasBegun = this.#hasBegunToLeave;
    if (this.#state.leaving === 'left' || (hasBegun && !atOnce)) return;
    this.#hasBegunToLeave = true;
    if (!hasBegun) {
      this.#hold?.during(this.left);
      void holdProcessDuring(this.left);
      this.#publisher.leaves(this.#state, this.left, () => this.leaveErrors);
    }
    this.#executor.startDeadline(atOnceWithin ?? this.#shutdownTimeout);
    this.dispatch({ type: 'leave', atOnce });
  }

  /** Makes a manual drain or deregister, and settles as its call to the agent does. */
  request(request: ManualRequest): Promise<void> {
    const made = new Promise<void>((resolve, reject) => {
      this.#settle.set(request, (error) => (error ? reject(error) : resolve()));
      this.dispatch({ type: 'requested', request });
    });
    return holdProcessDuring(made);
  }

  /**
   * Handles an event after those that came before it, even if a command or listener dispatches it.
   * All that follows of it runs outside of the caller's async context.
   */
  dispatch(event: RegistrationEvent): void {
    this.#queue.push(event);
    if (!this.#busy) outsideCallers(() => this.#run());
  }

  #run(): void {
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#step(next);
    } finally {
      this.#busy = false;
    }
  }

  #step(event: RegistrationEvent): void {
    const before = this.#state;
    const [next, commands] = transition(before, event);
    const after = withLostSince(before, next, () => this.#clock.now());
    this.#state = after;
    if (after !== before && this.#memory) updateMemory(this.#memory, before, after);
    const news = this.#teller.note({ before, event, after });
    if (after !== before) {
      restoringContext(() => {
        this.#status.publish(after);
        this.#publisher.changed(after);
      });
    }
    if (!before.leaving && after.leaving) restoringContext(() => this.#leaving?.abort());
    if (event.type === 'quiet' && event.outcome) this.#publisher.waited(event.outcome, before);
    this.#log.write(before, event, after);
    this.#leaveErrors.push(...leaveFailures(before, event));
    this.#notifyOnError(before, event);
    for (const command of commands) this.#carryOut(command);
    this.#tell(news);
    if (after.leaving !== 'left') return;
    this.#status.complete();
    this.#resolveLeft();
  }

  /** A listener that throws must not stop the leave. */
  #tell(news: readonly DatedNews[]): void {
    runGuarded(
      () => restoringContext(() => this.#teller.tell(news)),
      (thrown) => this.#logger.error('Failed to call the handlers of @OnSidecar', describeThrown(thrown)),
    );
  }

  #notifyOnError(before: RegistrationState, event: RegistrationEvent): void {
    if (event.type === 'failed' || event.type === 'error') return this.#onError(event.error);
    if (event.type === 'lost' && before.leaving !== 'left') this.#onError(event.error);
  }

  #carryOut(command: RegistrationCommand): void {
    if (command.type !== 'settled') return this.#executor.execute(command);
    this.#settle.get(command.request)?.(command.error);
    this.#settle.delete(command.request);
  }
}
