import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { Quiescence } from '../in-flight/quiescence.js';
import type { SidecarAnswer, SidecarClient } from '../agent/client/sidecar-client.js';
import { RegisterReplayError } from '../errors/register-replay.error.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { identityOf } from '../agent/protocol/dialect.js';
import { backoffDelay } from '../support/timing/backoff.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import type { WatchService } from '../agent/watch/watch.service.js';
import type { RegistrationSettings } from './registration-settings.js';
import type { RegistrationCommand, RegistrationEvent } from './registration-event.js';

/** What the commands are carried out with. */
export interface ExecutorParts {
  readonly settings: RegistrationSettings;
  readonly client: SidecarClient;
  readonly watch: WatchService;
  readonly calls: InFlightCalls;
  readonly clock: SidecarClock;
}

type CallCommand = Extract<RegistrationCommand, { call: number }>;

/** Carries out what the registration says, and reports what came of it. It decides nothing. */
export class RegistrationExecutor {
  readonly #parts: ExecutorParts;
  readonly #report: (event: RegistrationEvent) => void;
  readonly #quiescence: Quiescence;
  readonly #leaving = new AbortController();
  #cancelRetry = () => {};
  #cancelDeadline = () => {};
  #leaveBy = Infinity;

  constructor(parts: ExecutorParts, report: (event: RegistrationEvent) => void) {
    this.#parts = parts;
    this.#report = report;
    this.#quiescence = new Quiescence(parts.calls, parts.settings.gracePeriod, parts.clock);
  }

  /** Reports `deadline` when `shutdownTimeout` is over. */
  startDeadline(): void {
    const { clock, settings } = this.#parts;
    this.#cancelDeadline();
    this.#leaveBy = clock.elapsed() + settings.shutdownTimeout;
    this.#cancelDeadline = clock.after(settings.shutdownTimeout, () => this.#report({ type: 'deadline' }));
  }

  /** Everything but `settled`, which is the controller's. */
  execute(command: Exclude<RegistrationCommand, { type: 'settled' }>): void {
    const { watch, settings } = this.#parts;
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
        return void this.#quiesce(
          command.atLeast === 'drainDelay' ? settings.drainDelay : 0,
          command.before === 'deregister' ? this.#leaveBy - settings.requestTimeout : this.#leaveBy,
        );
      case 'left':
        return void this.#leave();
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

  /** A client of the user's own may well answer with nothing. */
  async #send(command: CallCommand): Promise<SidecarAnswer | undefined> {
    const { client, settings } = this.#parts;
    const { node, dialect } = command;
    if (command.type === 'register') return client.register(node, { dialect });
    if (command.type === 'deregister') return client.deregister(identityOf(node), { dialect });
    const isLeaving = command.gracePeriod === undefined;
    if (isLeaving) this.#quiescence.begin();
    const gracePeriod = command.gracePeriod ?? settings.gracePeriod;
    return client.drain({ ...identityOf(node), gracePeriod }, { dialect });
  }

  #retry(failures: number): void {
    const { clock, settings } = this.#parts;
    const delay = backoffDelay(failures, settings, clock.random());
    this.#report({ type: 'scheduled', nextRetryAt: clock.now() + delay });
    this.#cancelRetry = clock.after(delay, () => this.#report({ type: 'retryDue' }));
  }

  async #quiesce(atLeast: number, until: number): Promise<void> {
    await this.#quiescence.wait(atLeast, this.#leaving.signal, until);
    this.#report({ type: 'quiet' });
  }

  async #leave(): Promise<void> {
    this.#cancelRetry();
    this.#cancelDeadline();
    this.#leaving.abort();
    this.#parts.watch.stop();
    try {
      await this.#parts.client.close();
    } catch (thrown) {
      this.#report({ type: 'error', error: SidecarAgentError.from(thrown), at: this.#parts.clock.now() });
    }
  }
}
