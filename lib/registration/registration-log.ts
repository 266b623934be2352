import type { Logger } from '@nestjs/common';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { isUnknownInstance } from './answer-transition.js';
import type { RegistrationEvent } from './registration-event.js';
import type { RegistrationState } from './registration-state.js';

/**
 * One line per change of state. A failure that repeats itself is told when it begins, then at the 4th, 16th, 64th … time,
 * and when it is over.
 */
export class RegistrationLog {
  readonly #logger: Logger;
  readonly #agent: string;
  #lostStreams = 0;
  #failedAttempts = 0;
  #failedRegisters = 0;
  #leftOvers = 0;
  #failedResets = 0;

  /** @param agent the agent's address */
  constructor(logger: Logger, agent: string) {
    this.#logger = logger;
    this.#agent = agent;
  }

  /** Tells what a step has changed. */
  tell(before: RegistrationState, event: RegistrationEvent, after: RegistrationState): void {
    if (!before.connected && after.connected) this.#connected();
    if (!before.registered && after.registered) this.#registered(after);
    else if (after.registered && before.registeredRevision < after.registeredRevision) this.#updated(after);
    if (before.wanted !== 'registered' && after.wanted === 'registered') this.#logger.log('Resuming');
    // An answer that comes to nothing any more is no news.
    const isAwaited = before.call !== null && before.call !== after.call;
    if (event.type === 'failed' && isAwaited) this.#failed(before, event.error);
    if (event.type === 'answered' && isAwaited) this.#answered(before, event, after);
    if (event.type === 'lost' && !after.leaving) this.#lost(event.error, before.connected);
    if (event.type === 'error') this.#logger.error(event.error.message);
    if (!before.leaving && after.leaving && after.holding !== 'nothing') this.#logger.log('Leaving the mesh');
    if (event.type === 'deadline')
      this.#logger.warn('shutdownTimeout is over: what is still open is given up');
    if (before.leaving !== 'left' && after.leaving === 'left') this.#left(after);
  }

  #left({ calls, node }: RegistrationState): void {
    if (calls > 0) this.#logger.log('Left the mesh');
    else if (node) this.#logger.log('Stopped: no register was ever sent, so there is nothing to leave');
  }

  #connected(): void {
    const after = this.#failedAttempts > 0 ? ` after ${counted(this.#failedAttempts, 'failed attempt')}` : '';
    this.#lostStreams = 0;
    this.#failedAttempts = 0;
    this.#logger.log(`Connected to the sidecar-agent at ${this.#agent}${after}`);
  }

  #registered(state: RegistrationState): void {
    const again = state.registerReplayCount > 1 ? ' again' : '';
    const failed =
      this.#failedRegisters > 0 ? ` after ${counted(this.#failedRegisters, 'failed register')}` : '';
    const held = state.state ? `, state ${state.state}` : '';
    this.#failedRegisters = 0;
    this.#leftOvers = 0;
    this.#failedResets = 0;
    const what = `${state.lastServiceName ?? ''} on port ${state.lastServicePort ?? ''}`;
    this.#logger.log(`Registered ${what}${again}${failed} (${state.dialect ?? 'custom'} dialect${held})`);
  }

  #updated({ weight, methodCount, httpRouteCount }: RegistrationState): void {
    const routes = httpRouteCount ? `, ${counted(httpRouteCount, 'route')}` : '';
    this.#logger.log(`Updated: weight ${weight}, ${counted(methodCount ?? 0, 'method')}${routes}`);
  }

  #lost(error: SidecarAgentError, wasConnected: boolean): void {
    this.#lostStreams += 1;
    if (!wasConnected) this.#failedAttempts += 1;
    if (isMilestone(this.#lostStreams)) this.#logger.warn(`${sentence(error.message)}; reconnecting`);
  }

  #failed({ call, wanted, leaving }: RegistrationState, error: SidecarAgentError): void {
    if (call?.operation !== 'register') {
      const isReset = !leaving && wanted === 'registered';
      if (isReset) this.#failedResets += 1;
      if (isReset && !isMilestone(this.#failedResets)) return;
      const unknown = isUnknownInstance(error) ? '; taken as done, the agent knows no such instance' : '';
      this.#logger.warn(`${sentence(call?.operation ?? 'call')} failed: ${error.message}${unknown}`);
      return;
    }
    this.#failedRegisters += 1;
    if (!isMilestone(this.#failedRegisters)) return;
    const next = leaving || wanted !== 'registered' ? '' : '; it is tried again while connected';
    this.#logger.warn(`${sentence(error.message)}${next}`);
  }

  #answered(
    { call, leaving, wanted }: RegistrationState,
    { answer }: Extract<RegistrationEvent, { type: 'answered' }>,
    after: RegistrationState,
  ): void {
    const isReset = !leaving && wanted === 'registered';
    if (call?.operation === 'register') {
      if (!isReset || after.holding !== 'draining') return;
      this.#leftOvers += 1;
      if (!isMilestone(this.#leftOvers)) return;
      const state = answer.state ?? '';
      this.#logger.warn(
        `The agent still holds this instance as ${state}: it is deregistered and registered again`,
      );
      return;
    }
    if (!isReset)
      this.#logger.log(call?.operation === 'drain' ? 'Drained: routers send no new calls' : 'Deregistered');
  }
}

/** 1, 4, 16, 64 … */
function isMilestone(count: number): boolean {
  return Number.isInteger(Math.log2(count) / 2);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
