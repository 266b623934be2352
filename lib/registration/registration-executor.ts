import type { SidecarAnswer, SidecarClient } from '../agent/client/sidecar-client.js';
import { identityOf } from '../agent/protocol/dialect.js';
import type { WatchService } from '../agent/watch/watch.service.js';
import { RegisterReplayError } from '../errors/register-replay.error.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { Quiescence } from '../in-flight/quiescence.js';
import { backoffDelay } from '../support/timing/backoff.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { RegistrationCommand } from './machine/registration-command.js';
import type { RegistrationEvent } from './machine/registration-event.js';
import type { RegistrationSettings } from './registration-settings.js';

/** What the executor works with. */
export interface ExecutorParts {
  readonly settings: RegistrationSettings;
  readonly client: SidecarClient;
  readonly watch: WatchService;
  readonly calls: InFlightCalls;
  readonly clock: SidecarClock;
}

type CallCommand = Extract<RegistrationCommand, { call: number }>;
type QuiesceCommand = Extract<RegistrationCommand, { type: 'quiesce' }>;

/** Carries out the commands of the state machine and reports the results as events. */
export class RegistrationExecutor {
  readonly #parts: ExecutorParts;
  readonly #report: (event: RegistrationEvent) => void;
  readonly #quiescence: Quiescence;
  readonly #left = new AbortController();
  #cancelRetry = () => {};
  #cancelDeadline = () => {};
  /** When `shutdownTimeout` is reached, on the clock's `elapsed()`. */
  #leaveBy = Infinity;

  constructor(parts: ExecutorParts, report: (event: RegistrationEvent) => void) {
    this.#parts = parts;
    this.#report = report;
    this.#quiescence = new Quiescence(parts.calls, parts.settings.gracePeriod, parts.clock);
  }

  /** Reports `deadline` after `shutdownTimeout`. */
  startDeadline(): void {
    const { clock, settings } = this.#parts;
    this.#cancelDeadline();
    this.#leaveBy = clock.elapsed() + settings.shutdownTimeout;
    this.#cancelDeadline = clock.after(settings.shutdownTimeout, () => this.#report({ type: 'deadline' }));
  }

  /** Carries out a command. The loop itself carries out `settled`. */
  execute(command: Exclude<RegistrationCommand, { type: 'settled' }>): void {
    const { watch } = this.#parts;
    switch (command.type) {
      case 'watch':
        return watch.start();
      case 'confirm':
        return watch.confirm();
      case 'register':
      case 'drain':
      case 'deregister':
        return void this.#call(command);
      case 'retry':
        return this.#retry(command.failures);
      case 'cancelRetry':
        return this.#cancelRetry();
      case 'quiesce':
        return void this.#quiesce(command);
      case 'left':
        return void this.#stop();
    }
  }

  async #call(command: CallCommand): Promise<void> {
    const { call } = command;
    const { clock } = this.#parts;
    try {
      const answer = await this.#send(command);
      this.#report({ type: 'answered', call, answer: answer ?? {} });
    } catch (thrown) {
      const cause = SidecarAgentError.from(thrown);
      const error = command.type === 'register' ? new RegisterReplayError(cause) : cause;
      this.#report({ type: 'failed', call, error, at: clock.now() });
    }
  }

  /** Resolves with `undefined` if a `SidecarClient` of your own resolves with nothing. */
  async #send(command: CallCommand): Promise<SidecarAnswer | undefined> {
    const { client, settings } = this.#parts;
    const { node, dialect } = command;
    if (command.type === 'register') return client.register(node, { dialect });
    if (command.type === 'deregister') return client.deregister(identityOf(node), { dialect });
    const isOfLeave = command.gracePeriod === undefined;
    if (isOfLeave) this.#quiescence.begin();
    const gracePeriod = command.gracePeriod ?? settings.gracePeriod;
    return client.drain({ ...identityOf(node), gracePeriod }, { dialect });
  }

  #retry(failures: number): void {
    const { clock, settings } = this.#parts;
    const delay = backoffDelay(failures, settings, clock.random());
    this.#report({ type: 'scheduled', nextRetryAt: clock.now() + delay });
    this.#cancelRetry = clock.after(delay, () => this.#report({ type: 'retryDue' }));
  }

  async #quiesce({ atLeast, before }: QuiesceCommand): Promise<void> {
    const { drainDelay, requestTimeout } = this.#parts.settings;
    const minimum = atLeast === 'drainDelay' ? drainDelay : 0;
    const until = before === 'deregister' ? this.#leaveBy - requestTimeout : this.#leaveBy;
    await this.#quiescence.wait(minimum, this.#left.signal, until);
    this.#report({ type: 'quiet' });
  }

  async #stop(): Promise<void> {
    this.#cancelRetry();
    this.#cancelDeadline();
    this.#left.abort();
    this.#parts.watch.stop();
    try {
      await this.#parts.client.close();
    } catch (thrown) {
      this.#report({ type: 'error', error: SidecarAgentError.from(thrown), at: this.#parts.clock.now() });
    }
  }
}
