import { isAgentGone } from '../agent/connection/connection-failure.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { counted } from '../support/text/counted.js';
import { isMilestone, nameOf, sentence } from './log-text.js';
import type { Operation, RegistrationState } from './machine/registration-state.js';
import type { LogLines } from './stream-log.js';

/**
 * Logs the results of the drain and the deregister of a leave. A failure that repeats is logged
 * the 1st, 4th, 16th, 64th … time. Failures because no process listens at the agent's address are
 * one line, at the end of the leave or when the agent is there again.
 */
export class LeaveLog {
  readonly #logger: LogLines;
  #operation?: Operation;
  #inARow = 0;
  /** The last failure without an agent that is not logged yet. */
  #unlogged?: { readonly operation: Operation; readonly error: SidecarAgentError };
  #unloggedTries = 0;

  constructor(logger: LogLines) {
    this.#logger = logger;
  }

  /** @param meaning what follows of the failure; empty if it is only repeated */
  failed(operation: Operation, error: SidecarAgentError, meaning: string): void {
    if (isAgentGone(error)) {
      this.#unlogged = { operation, error };
      this.#unloggedTries += 1;
      return;
    }
    this.#writeUnlogged();
    if (operation !== this.#operation) this.#inARow = 0;
    this.#operation = operation;
    this.#inARow += 1;
    if (isMilestone(this.#inARow)) this.#writeFailed(operation, error, meaning);
  }

  /** The agent has answered. Returns the words for the tries that are not logged. */
  answered(): string {
    const tries = this.#unloggedTries;
    this.#forget();
    return tries > 0 ? ` after ${counted(tries, 'failed try', 'failed tries')}` : '';
  }

  /** The deregister is not repeated any more. */
  gaveUp(state: RegistrationState): void {
    this.#writeNotDeregistered(state, state.failures);
  }

  /** The leave ends at its time limit. */
  cutOff(state: RegistrationState): void {
    if (this.#unlogged) this.#writeNotDeregistered(state, this.#unloggedTries);
  }

  /** The leave has ended, by a deregister or without one. */
  left(): void {
    this.#writeUnlogged();
  }

  #writeUnlogged(): void {
    if (this.#unlogged) this.#writeFailed(this.#unlogged.operation, this.#unlogged.error, '');
    this.#forget();
  }

  #writeFailed(operation: Operation, { message }: SidecarAgentError, meaning: string): void {
    this.#logger.warn(`${sentence(operation)} failed: ${message}${meaning}`);
  }

  #writeNotDeregistered(state: RegistrationState, failures: number): void {
    const tries = counted(failures, 'failed try', 'failed tries');
    const reason = this.#unlogged ? `. The last error: ${this.#unlogged.error.message}` : '';
    this.#forget();
    this.#logger.warn(`Not deregistered after ${tries}: the agent may still list ${nameOf(state)}${reason}`);
  }

  #forget(): void {
    this.#unlogged = undefined;
    this.#unloggedTries = 0;
  }
}
