import type { RegistrationCommand } from './registration-command.js';
import type { Operation, RegistrationState } from './registration-state.js';
import type { Step } from './step.js';

/**
 * Starts a call to the agent; every call starts here, and only if none is in flight. Changes
 * nothing while there is no node, since there is no instance yet that a call could name.
 */
export function startCall(state: RegistrationState, operation: Operation, gracePeriod?: number): Step {
  const { node } = state;
  if (!node) return [state, []];
  const id = state.callCount + 1;
  const dialect = (operation === 'register' ? state.streamDialect : state.dialect) ?? undefined;
  const detail = { call: id, node, dialect };
  const undoesDrain = operation === 'register' && state.drainInDoubt;
  const commands: Record<Operation, RegistrationCommand> = {
    register: {
      type: 'register',
      ...detail,
      isReplay: isReplay(state),
      ...(undoesDrain && { undoesDrain }),
    },
    drain: { type: 'drain', ...detail, gracePeriod },
    deregister: { type: 'deregister', ...detail },
  };
  const pending: RegistrationState = {
    ...state,
    callCount: id,
    call: { id, operation, connection: state.connection, node, revision: state.revision, undoesDrain },
    registered: operation === 'register' && state.registered,
  };
  return [pending, [commands[operation]]];
}

/** A new stream, a change and the repetition of a failed register have waits of their own. */
function isReplay({ registered, registeredRevision, revision }: RegistrationState): boolean {
  return registered && registeredRevision === revision;
}
