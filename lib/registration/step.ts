import type { RegistrationCommand, Transition } from './registration-event.js';
import type { Operation, RegistrationState } from './registration-state.js';

/** A step of the registration. */
export type Step = Transition<RegistrationState>;

/** Goes on from a step: its commands stay in front of those that follow. */
export function andThen([state, commands]: Step, next: (state: RegistrationState) => Step): Step {
  const [after, more] = next(state);
  return [after, [...commands, ...more]];
}

/** Makes a call: the only place that does. Without a node there is nothing that could be said to an agent. */
export function call(state: RegistrationState, operation: Operation, gracePeriod?: number): Step {
  const { node } = state;
  if (!node) return [state, []];
  const id = state.calls + 1;
  const dialect = (operation === 'register' ? state.streamDialect : state.dialect) ?? undefined;
  const detail = { call: id, node, dialect };
  const command: RegistrationCommand =
    operation === 'drain' ? { type: operation, ...detail, gracePeriod } : { type: operation, ...detail };
  const pending: RegistrationState = {
    ...state,
    calls: id,
    call: { id, operation, connection: state.connection, node, revision: state.revision },
    registered: operation === 'register' && state.registered,
  };
  return [pending, [command]];
}
