import type { Dialect } from '../agent/protocol/dialect.js';
import type { ServiceNode } from '../service/service-node.js';
import type { RegistrationState } from './machine/registration-state.js';

/** Keeps what the agent may hold of this instance, beyond the end of the process. */
export interface RegistrationMemory {
  /** Whether a process that was killed has left the instance, so that the agent may hold it. */
  readonly isLeftOver: boolean;
  /**
   * Keeps a node that is about to be registered, or was registered.
   *
   * @param dialect the dialect of the agent, if it is known
   */
  remember(node: ServiceNode, dialect: Dialect | undefined): void;
  /** Forgets the node: the agent does not hold the instance any more. */
  forget(): void;
}

/**
 * Keeps or forgets what a step of the state machine has changed. A register is kept before it is
 * sent: the agent may hold the instance as soon as it is.
 */
export function updateMemory(
  memory: Pick<RegistrationMemory, 'remember' | 'forget'>,
  before: RegistrationState,
  after: RegistrationState,
): void {
  const { call } = after;
  if (before.holding !== 'nothing' && after.holding === 'nothing') memory.forget();
  if (call?.operation === 'register' && call !== before.call) {
    return memory.remember(call.node, after.dialect ?? undefined);
  }
  const isAccepted = after.registeredRevision > before.registeredRevision || after.dialect !== before.dialect;
  if (isAccepted && after.node && after.holding !== 'nothing') {
    memory.remember(after.node, after.dialect ?? undefined);
  }
}
