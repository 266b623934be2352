import type { Logger } from '@nestjs/common';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { DrainSnapshot } from '../in-flight/drain-traffic.js';
import { isUnknownInstance } from '../agent/protocol/unknown-instance.js';
import type { RemainingWorkers } from '../workers/remaining-workers.js';
import type { RegistrationEvent } from './machine/registration-event.js';
import { type Operation, othersOf, type RegistrationState } from './machine/registration-state.js';
import { counted } from '../support/text/counted.js';

/**
 * Writes one log line per change of state. A failure that repeats is logged the 1st, 4th, 16th,
 * 64th … time, and its end with the number of failures.
 */
export class RegistrationLog {
  readonly #logger: Logger;
  readonly #agent: string;
  #lostStreams = 0;
  #failedAttempts = 0;
  #failedRegisters = 0;
  #leftOvers = 0;
  #failedResets = 0;
  #failedGoodbye?: Operation;
  #failedGoodbyes = 0;
  #drain?: DrainSnapshot;

  /** @param agent the agent's address */
  constructor(logger: Logger, agent: string) {
    this.#logger = logger;
    this.#agent = agent;
  }

  /** Logs what an event has changed. */
  write(before: RegistrationState, event: RegistrationEvent, after: RegistrationState): void {
    if (!before.connected && after.connected) this.#connected();
    if (!before.registered && after.registered) this.#registered(after);
    else if (after.registered && before.registeredRevision < after.registeredRevision) this.#updated(after);
    if (before.wanted !== 'registered' && after.wanted === 'registered') {
      this.#logger.log(`Resuming ${nameOf(after)}`);
    }
    // An answer to a call that is no longer awaited changes nothing.
    const isAwaited = before.call !== null && before.call !== after.call;
    if (event.type === 'failed' && isAwaited) this.#failed(before, event.error);
    if (event.type === 'answered' && isAwaited) this.#answered(before, event, after);
    if (event.type === 'remaining' && !after.leaving) this.#counted(before, event.remaining, after);
    if (event.type === 'lost' && !after.leaving) this.#lost(event.error, before.connected);
    if (event.type === 'error') this.#logger.error(event.error.message);
    if (!before.leaving && after.leaving) this.#leaving(after);
    if (event.type === 'quiet') this.#drain = event.drain ?? this.#drain;
    if (event.type === 'gaveUp' && before.waiting) this.#gaveUp(before);
    if (event.type === 'deadline') {
      this.#logger.warn(
        before.atOnce
          ? 'The time after a crash is over; calls in flight are cut off'
          : 'shutdownTimeout reached; closing remaining connections',
      );
    }
    if (before.leaving !== 'left' && after.leaving === 'left') this.#left(after);
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
    const service = `${state.lastServiceName ?? ''}${again} on port ${state.lastServicePort ?? ''}`;
    this.#logger.log(`Registered ${service}${failed} (dialect ${state.dialect ?? 'custom'}${held})`);
  }

  #updated(state: RegistrationState): void {
    const { weight, methodCount, httpRouteCount } = state;
    const routes = httpRouteCount ? `, ${counted(httpRouteCount, 'route')}` : '';
    const methods = counted(methodCount ?? 0, 'method');
    this.#logger.log(`Updated ${nameOf(state)}: weight ${weight}, ${methods}${routes}`);
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
      if (leaving) this.#countGoodbye(call?.operation);
      if ((isReset && !isMilestone(this.#failedResets)) || (leaving && !isMilestone(this.#failedGoodbyes))) {
        return;
      }
      const done = isUnknownInstance(error)
        ? '; treated as done, since the agent does not know this instance'
        : '';
      this.#logger.warn(`${sentence(call?.operation ?? 'call')} failed: ${error.message}${done}`);
      return;
    }
    this.#failedRegisters += 1;
    if (!isMilestone(this.#failedRegisters)) return;
    const next = leaving || wanted !== 'registered' ? '' : '; retrying while connected';
    this.#logger.warn(`${sentence(error.message)}${next}`);
  }

  #countGoodbye(operation: Operation | undefined): void {
    if (operation !== this.#failedGoodbye) this.#failedGoodbyes = 0;
    this.#failedGoodbye = operation;
    this.#failedGoodbyes += 1;
  }

  #gaveUp(before: RegistrationState): void {
    if (before.leaving !== 'deregistering') return;
    const tries = counted(before.failures, 'failed try', 'failed tries');
    this.#logger.warn(`Not deregistered after ${tries}: the agent may still list ${nameOf(before)}`);
  }

  #answered(
    before: RegistrationState,
    { answer }: Extract<RegistrationEvent, { type: 'answered' }>,
    after: RegistrationState,
  ): void {
    const operation = before.call?.operation;
    const isReset = !before.leaving && before.wanted === 'registered';
    if (operation === 'register') {
      if (!isReset || after.holding !== 'draining') return;
      this.#leftOvers += 1;
      if (!isMilestone(this.#leftOvers)) return;
      const held = `The agent still holds this instance as ${answer.state ?? ''}`;
      this.#logger.warn(`${held}; deregistering and registering it again`);
      return;
    }
    if (isReset) return;
    const name = nameOf(after);
    this.#logger.log(
      operation === 'drain' ? `Drained ${name}: routers stop sending new calls` : `Deregistered ${name}`,
    );
  }

  #leaving(state: RegistrationState): void {
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
    const others = othersOf(state).onPort;
    if (others > 0) {
      const rest = `${counted(others, 'other process', 'other processes')} on port ${state.node?.serverPort ?? ''}`;
      this.#logger.log(`Left the mesh: ${nameOf(state)} is served by ${rest}`);
    } else if (state.callCount > 0)
      this.#logger.log(`Left the mesh: ${nameOf(state)}${learned(this.#drain)}`);
    else if (state.node) this.#logger.log('Stopped: no register was sent, so there is nothing to deregister');
  }
}

function nameOf({ node }: RegistrationState): string {
  return node?.service.name ?? 'the service';
}

/** Returns whether a count is 1, 4, 16, 64 … */
function isMilestone(count: number): boolean {
  return Number.isInteger(Math.log2(count) / 2);
}

/** Tells how long routers took to learn of the drain, as far as their calls show it. */
function learned(drain: DrainSnapshot | undefined): string {
  if (!drain) return '';
  const { startedAt, lastCallAt, callsSince } = drain;
  if (lastCallAt === null) return ' (no call arrived after the drain)';
  const seconds = ((lastCallAt - startedAt) / 1_000).toFixed(1);
  return ` (${counted(callsSince, 'call')} arrived after the drain, the last one after ${seconds} s)`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
