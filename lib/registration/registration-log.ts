import type { Logger } from '@nestjs/common';
import { type AgentKind, SIDECAR_AGENT } from '../agent/connection/agent-kind.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { isUnknownInstance } from '../agent/protocol/unknown-instance.js';
import type { RemainingWorkers } from '../workers/remaining-workers.js';
import type { RegistrationEvent } from './machine/registration-event.js';
import { othersOf, type RegistrationState } from './machine/registration-state.js';
import { counted } from '../support/text/counted.js';
import { callsGoOn, describeDrain, type DrainOutcome } from './drain-outcome.js';
import type { SidecarClock } from '../support/timing/sidecar-clock.js';
import { LeaveLog } from './leave-log.js';
import { isMilestone, nameOf, sentence } from './log-text.js';
import { LossLog } from './loss-log.js';
import { isAccepted, lossOf } from './news/news-memory.js';
import { RegisterLog } from './register-log.js';
import { StreamLog } from './stream-log.js';

/**
 * Writes one log line per change of state. A failure that repeats is logged the 1st, 4th, 16th,
 * 64th … time, and its end with the number of failures.
 */
export class RegistrationLog {
  readonly #logger: Logger;
  readonly #stream: StreamLog;
  readonly #registers: RegisterLog;
  readonly #losses: LossLog;
  readonly #leaveLog: LeaveLog;
  #failedResets = 0;
  #drain?: DrainOutcome;

  /** @param agent the agent's address */
  constructor(logger: Logger, clock: SidecarClock, agent: string, kind: AgentKind = SIDECAR_AGENT) {
    this.#logger = logger;
    this.#stream = new StreamLog(logger, clock, agent, kind);
    this.#registers = new RegisterLog(logger, kind);
    this.#losses = new LossLog(logger, clock);
    this.#leaveLog = new LeaveLog(logger);
  }

  /** Logs what an event has changed. */
  write(before: RegistrationState, event: RegistrationEvent, after: RegistrationState): void {
    if (!before.connected && after.connected) this.#stream.connected();
    const loss = lossOf({ before, event, after });
    if (loss !== undefined) this.#losses.lost(loss, after);
    const isBack = isAccepted({ before, after }) && this.#losses.ended();
    if (after.registered && (!before.registered || isBack)) this.#registered(after, isBack);
    else if (after.registered && before.registeredRevision < after.registeredRevision) {
      this.#registers.updated(after);
    }
    if (before.wanted !== 'registered' && after.wanted === 'registered') {
      this.#logger.log(`Resuming ${nameOf(after)}`);
    }
    // An answer to a call that is no longer awaited changes nothing.
    const isAwaited = before.call !== null && before.call !== after.call;
    if (event.type === 'failed' && isAwaited) this.#failed(before, event.error, after);
    if (event.type === 'answered' && isAwaited) this.#answered(before, event, after);
    if (event.type === 'remaining' && !after.leaving) this.#counted(before, event.remaining, after);
    if (event.type === 'late' && before.call?.id === event.call) this.#registers.late(event);
    if (event.type === 'lost' && !after.leaving) this.#stream.lost(event.error, before.connected);
    if (event.type === 'error') this.#logger.error(event.error.message);
    if (!before.leaving && after.leaving) this.#leaving(after);
    if (event.type === 'quiet') this.#drain = event.outcome ?? this.#drain;
    const isGivenUp = event.type === 'gaveUp' && before.waiting && before.leaving === 'deregistering';
    if (isGivenUp) this.#leaveLog.gaveUp(before);
    if (event.type === 'deadline') {
      this.#leaveLog.cutOff(before);
      this.#logger.warn(
        before.atOnce
          ? 'The time after a crash is over; calls in flight are cut off'
          : 'shutdownTimeout reached; closing remaining connections',
      );
    }
    if (before.leaving !== 'left' && after.leaving === 'left') this.#left(after);
  }

  #registered(state: RegistrationState, isBack: boolean): void {
    this.#failedResets = 0;
    this.#registers.registered(state, this.#stream.isQuiet && !isBack);
  }

  #failed(before: RegistrationState, error: SidecarAgentError, after: RegistrationState): void {
    const { call, wanted, leaving } = before;
    if (call?.operation === 'register') return this.#registers.failed(before, error, after);
    const isReset = !leaving && wanted === 'registered';
    if (isReset) this.#failedResets += 1;
    if (isReset && !isMilestone(this.#failedResets)) return;
    const isDoubt = !leaving && !isReset && after.waiting;
    if (isDoubt && !isMilestone(after.failures)) return;
    const done = isUnknownInstance(error) ? meaningOfUnknown(after) : '';
    if (leaving && call) return this.#leaveLog.failed(call.operation, error, done);
    this.#logger.warn(`${sentence(call?.operation ?? 'call')} failed: ${error.message}${done}`);
  }

  #answered(
    before: RegistrationState,
    { answer }: Extract<RegistrationEvent, { type: 'answered' }>,
    after: RegistrationState,
  ): void {
    const operation = before.call?.operation;
    if (operation === 'register') return this.#registers.answered(before, answer, after);
    const isReset = !before.leaving && before.wanted === 'registered';
    if (isReset) return;
    const done = `${nameOf(after)}${this.#leaveLog.answered()}`;
    this.#logger.log(
      operation === 'drain' ? `Drained ${done}: routers stop sending new calls` : `Deregistered ${done}`,
    );
  }

  #leaving(state: RegistrationState): void {
    this.#stream.stop();
    if (state.holding === 'nothing') return;
    this.#logger.log(`Leaving the mesh: ${nameOf(state)} on port ${state.node?.serverPort ?? ''}`);
  }

  /** A manual request that needs no call, since the instance is that of other processes as well. */
  #counted(before: RegistrationState, { onPort }: RemainingWorkers, after: RegistrationState): void {
    const [request] = before.requests;
    if (!request || after.requests.includes(request)) return;
    const done = request.operation === 'drain' ? 'drained' : 'deregistered';
    const others = counted(onPort, 'other process registers', 'other processes register');
    this.#logger.warn(`Not ${done}: ${others} the same instance of ${nameOf(after)}`);
  }

  #left(state: RegistrationState): void {
    this.#leaveLog.left();
    const others = othersOf(state).onPort;
    if (others > 0) {
      const rest = `${counted(others, 'other process', 'other processes')} on port ${state.node?.serverPort ?? ''}`;
      this.#logger.log(`Left the mesh: ${nameOf(state)} is served by ${rest}`);
    } else if (state.callCount > 0) this.#leftAlone(nameOf(state));
    else if (state.node) this.#logger.log('Stopped: no register was sent, so there is nothing to deregister');
  }

  #leftAlone(name: string): void {
    const outcome = this.#drain;
    if (!outcome) return this.#logger.log(`Left the mesh: ${name}`);
    const seen = describeDrain(outcome.drain);
    if (!callsGoOn(outcome)) return this.#logger.log(`Left the mesh: ${name} (${seen})`);
    this.#logger.warn(
      `Left the mesh: ${name}, though callers go on (${seen}): they do not follow the agent, or learn ` +
        'later than the service may serve on',
    );
  }
}

function meaningOfUnknown({ mayLand }: RegistrationState): string {
  return mayLand
    ? '; repeated, since a register that timed out may still reach the agent'
    : '; treated as done, since the agent does not know this instance';
}
