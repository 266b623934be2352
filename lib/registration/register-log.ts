import { type AgentKind, SIDECAR_AGENT, speaksDialect } from '../agent/connection/agent-kind.js';
import type { SidecarAnswer } from '../agent/client/sidecar-client.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { counted } from '../support/text/counted.js';
import { isMilestone, nameOf, sentence } from './log-text.js';
import type { RegistrationEvent } from './machine/registration-event.js';
import type { RegistrationState } from './machine/registration-state.js';
import type { LogLines } from './stream-log.js';

/**
 * Writes what becomes of the registers. A failure that repeats is logged the 1st, 4th, 16th, 64th …
 * time, and its end with the number of failures.
 */
export class RegisterLog {
  readonly #logger: LogLines;
  readonly #kind: AgentKind;
  #failed = 0;
  #leftOvers = 0;
  #late = 0;
  #isLate = false;

  constructor(logger: LogLines, kind = SIDECAR_AGENT) {
    this.#logger = logger;
    this.#kind = kind;
  }

  /** @param isQuiet whether the line is left out, unless registers have failed */
  registered(state: RegistrationState, isQuiet: boolean): void {
    const again = state.registerReplayCount > 1 ? ' again' : '';
    const failed = this.#failed > 0 ? ` after ${counted(this.#failed, 'failed register')}` : '';
    const held = state.state ? `, state ${state.state}` : '';
    const hasDialects = speaksDialect(this.#kind);
    const known = hasDialects ? `dialect ${state.dialect ?? 'custom'}` : `instance ${state.instanceId ?? ''}`;
    const service = `${state.lastServiceName ?? ''}${again} on port ${state.lastServicePort ?? ''}`;
    const isNews = !isQuiet || this.#failed > 0;
    this.#failed = 0;
    this.#leftOvers = 0;
    if (isNews) {
      this.#logger.log(`Registered ${service}${failed} (${known}${held})`);
    }
  }

  updated(state: RegistrationState): void {
    const { weight, methodCount, httpRouteCount } = state;
    const routes = httpRouteCount ? `, ${counted(httpRouteCount, 'route')}` : '';
    const methods = counted(methodCount ?? 0, 'method');
    this.#logger.log(`Updated ${nameOf(state)}: weight ${weight}, ${methods}${routes}`);
  }

  answered(before: RegistrationState, answer: SidecarAnswer, after: RegistrationState): void {
    if (!this.#isLate) this.#late = 0;
    this.#isLate = false;
    if (before.leaving || before.wanted !== 'registered' || after.holding !== 'draining') return;
    if (after.drainedElsewhere) {
      const held = `Another client of the ${this.#kind.name} has drained ${nameOf(after)}`;
      return this.#logger.warn(`${held}; leaving it out of rotation until resume() is called`);
    }
    this.#leftOvers += 1;
    if (!isMilestone(this.#leftOvers)) return;
    const held = `The agent still holds this instance as ${answer.state ?? ''}`;
    this.#logger.warn(`${held}; deregistering and registering it again`);
  }

  failed(before: RegistrationState, error: SidecarAgentError, after: RegistrationState): void {
    this.#isLate = false;
    this.#failed += 1;
    const isRolledBack = after.refusal !== before.refusal;
    const isCure = after.cured && !before.cured;
    if (!isRolledBack && !isCure && !isMilestone(this.#failed)) return;
    const message = sentence(error.message);
    if (isRolledBack) return this.#logger.warn(`${message}; registering again what the agent had accepted`);
    if (isCure) return this.#logger.warn(`${message}; deregistering and registering again`);
    const next = before.leaving || before.wanted !== 'registered' ? '' : '; retrying while connected';
    this.#logger.warn(`${message}${next}`);
  }

  late({ waited, limit }: Extract<RegistrationEvent, { type: 'late' }>): void {
    this.#isLate = true;
    this.#late += 1;
    if (!isMilestone(this.#late)) return;
    const line = `The ${this.#kind.name} has not answered a register within ${waited} ms (option requestTimeout)`;
    this.#logger.warn(`${line}; waiting up to ${limit} ms`);
  }
}
