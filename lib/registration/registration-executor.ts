import type { Logger } from '@nestjs/common';
import type { SidecarAnswer, SidecarClient } from '../agent/client/sidecar-client.js';
import { agentKindOf } from '../agent/connection/agent-endpoint.js';
import { type Dialect, identityOf } from '../agent/protocol/dialect.js';
import type { WatchService } from '../agent/watch/watch.service.js';
import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { InFlightCalls } from '../in-flight/in-flight-calls.js';
import { DrainWait } from '../in-flight/drain-wait.js';
import { deregisterReserve } from '../support/timing/deregister-reserve.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { agentLostSince } from './agent-lost-since.js';
import type { RegistrationCommand } from './machine/registration-command.js';
import type { RegistrationEvent } from './machine/registration-event.js';
import { dialectOf, type RegistrationState } from './machine/registration-state.js';
import { PortSharing } from './port-sharing.js';
import { RegisterCalls } from './register-calls.js';
import type { RegistrationSettings } from './registration-settings.js';
import { RetryTimer } from './retry-timer.js';

/** What the executor works with. */
export interface ExecutorParts {
  readonly settings: RegistrationSettings;
  readonly client: SidecarClient;
  readonly watch: WatchService;
  readonly calls: InFlightCalls;
  readonly clock: SidecarClock;
  readonly logger: Logger;
}

type DrainCommand = Extract<RegistrationCommand, { type: 'drain' }>;
type DeregisterCommand = Extract<RegistrationCommand, { type: 'deregister' }>;

/** Carries out the commands of the state machine and reports the results as events. */
export class RegistrationExecutor {
  readonly #parts: ExecutorParts;
  readonly #report: (event: RegistrationEvent) => void;
  readonly #drainWait: DrainWait;
  readonly #state: () => RegistrationState;
  readonly #retry: RetryTimer;
  readonly #registers: RegisterCalls;
  readonly #sharing: PortSharing;
  readonly #left = new AbortController();
  #cancelDeadline = () => {};
  /** When the time of the leave is over, on the clock's `elapsed()`. */
  #leaveBy = Infinity;
  /** When the first deregister of the leave was sent, on the clock's `elapsed()`. */
  #deregisteredAt?: number;

  /** @param state returns the current state of the machine */
  constructor(
    parts: ExecutorParts,
    report: (event: RegistrationEvent) => void,
    state: () => RegistrationState,
  ) {
    this.#parts = parts;
    this.#report = report;
    this.#state = state;
    const { calls, clock, settings } = parts;
    const { lease } = agentKindOf(settings.endpoint);
    const agentLostAt = () => agentLostSince(state(), clock);
    const log = (line: string) => parts.logger.log(line);
    this.#retry = new RetryTimer(settings, clock, report);
    this.#registers = new RegisterCalls(parts, report, state, this.#left.signal);
    this.#sharing = new PortSharing(parts, report, state);
    this.#drainWait = new DrainWait({ ...settings, lease, calls, clock, agentLostAt, log });
  }

  /** Reports `deadline` after so many milliseconds, or earlier if an earlier one is set. */
  startDeadline(limit: number): void {
    const { clock, settings } = this.#parts;
    const now = clock.elapsed();
    const reserve = deregisterReserve({ ...settings, shutdownTimeout: limit });
    this.#registers.giveUpWithin(reserve);
    this.#cancelDeadline();
    this.#leaveBy = Math.min(this.#leaveBy, now + limit);
    this.#cancelDeadline = clock.after(Math.max(0, this.#leaveBy - now), () =>
      this.#report({ type: 'deadline' }),
    );
  }

  /** Carries out a command. The loop itself carries out `settled`. */
  execute(command: Exclude<RegistrationCommand, { type: 'settled' }>): void {
    const { watch } = this.#parts;
    switch (command.type) {
      case 'watch':
        return void this.#startWatch();
      case 'confirm':
        watch.confirm();
        return this.#registers.reassertLater();
      case 'register':
        // The service comes back into rotation: its calls say nothing of the drain any more.
        this.#parts.calls.drain?.end();
        return void this.#registers.send(command);
      case 'drain':
      case 'deregister':
        return void this.#call(command);
      case 'retry':
        return this.#retry.waitAfter(command.failures, command.asked);
      case 'retryGoodbye':
        return this.#retry.waitForGoodbye(command, {
          leaveBy: this.#leaveBy,
          deregisteredAt: this.#deregisteredAt,
        });
      case 'cancelRetry':
        return this.#retry.cancel();
      case 'quiesce':
        return void this.#quiesce(command);
      case 'countRemaining':
        return void this.#sharing.countRemaining();
      case 'left':
        return void this.#stop();
    }
  }

  async #startWatch(): Promise<void> {
    await this.#sharing.join();
    if (!this.#left.signal.aborted) this.#parts.watch.start();
  }

  async #call(command: DrainCommand | DeregisterCommand): Promise<void> {
    const { call } = command;
    const { clock } = this.#parts;
    try {
      // A `SidecarClient` of your own may resolve with nothing.
      const answer = await this.#withdraw(command);
      this.#report({ type: 'answered', call, answer: answer ?? {} });
    } catch (thrown) {
      this.#report({ type: 'failed', call, error: SidecarAgentError.from(thrown), at: clock.now() });
    }
  }

  /**
   * Another process may have registered the instance since the others were counted. It is recalled
   * at once in a leave too, since this process may be killed before its deregister.
   */
  #withdraw(command: DrainCommand | DeregisterCommand): Promise<SidecarAnswer | undefined> {
    const call = command.type === 'drain' ? this.#drain(command) : this.#deregister(command);
    return this.#recallingOthers(call, command.dialect);
  }

  async #drain({ node, dialect, gracePeriod }: DrainCommand): Promise<SidecarAnswer | undefined> {
    const { calls, client, settings } = this.#parts;
    const isOfLeave = gracePeriod === undefined;
    const isRepeat = isOfLeave && this.#state().drainFailed;
    if (isOfLeave) this.#drainWait.begin();
    const traffic = (isRepeat ? calls.drain : undefined) ?? calls.beginDrain();
    const request = { ...identityOf(node), gracePeriod: gracePeriod ?? settings.gracePeriod };
    const answer = await client.drain(request, { dialect });
    traffic.answered();
    return answer;
  }

  async #deregister({ node, dialect }: DeregisterCommand): Promise<SidecarAnswer | undefined> {
    const { calls, client, clock } = this.#parts;
    if (this.#state().leaving) this.#deregisteredAt ??= clock.elapsed();
    const answer = await client.deregister(identityOf(node), { dialect });
    // Routers that missed the drain learn of the leave now.
    if (this.#state().drainFailed) calls.drain?.answered();
    return answer;
  }

  /** A call that timed out may have reached the agent too, so its failure recalls as well. */
  async #recallingOthers<T>(call: Promise<T>, dialect: Dialect | undefined): Promise<T> {
    try {
      return await call;
    } finally {
      await this.#sharing.recallOthers(dialectOf(this.#state()) ?? dialect);
    }
  }

  async #quiesce({ atLeast, before }: Extract<RegistrationCommand, { type: 'quiesce' }>): Promise<void> {
    const { calls, settings } = this.#parts;
    const reserve = before === 'deregister' ? deregisterReserve(settings) : 0;
    const until = this.#leaveBy - reserve;
    const end = { signal: this.#left.signal, until };
    if (atLeast === 'nothing') {
      await this.#drainWait.forCalls(end);
      return this.#report({ type: 'quiet' });
    }
    const traffic = calls.drain ?? calls.beginDrain();
    const haveLearned = await this.#drainWait.forRouters(traffic, end);
    // Callers cannot have learned of a drain that the agent never took.
    const isCut = !haveLearned && !this.#state().drainFailed;
    this.#report({ type: 'quiet', outcome: { drain: traffic.snapshot(), isCut } });
  }

  async #stop(): Promise<void> {
    this.#retry.cancel();
    this.#cancelDeadline();
    this.#left.abort();
    this.#parts.calls.drain?.end();
    this.#parts.watch.stop();
    try {
      await this.#sharing.close();
      await this.#parts.client.close();
    } catch (thrown) {
      this.#report({ type: 'error', error: SidecarAgentError.from(thrown), at: this.#parts.clock.now() });
    }
  }
}
