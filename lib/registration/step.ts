import type { RegistrationCommand, Transition } from './registration.event.js';
import type { Operation, RegistrationState } from './registration.state.js';

/** A step of the registration. */
export type Step = Transition<RegistrationState>;

/** Goes on from a step: its commands stay in front of those that follow. */
export function then([state, commands]: Step, next: (state: RegistrationState) => Step): Step {
  const [after, more] = next(state);
  return [after, [...commands, ...more]];
}

/** Makes a call: the only place that does. */
export function call(state: RegistrationState, operation: Operation, gracePeriod?: number): Step {
  const id = state.calls + 1;
  const dialect = (operation === 'register' ? state.streamDialect : state.dialect) ?? undefined;
  const command: RegistrationCommand =
    operation === 'drain'
      ? { type: operation, call: id, dialect, gracePeriod }
      : { type: operation, call: id, dialect };
  const pending: RegistrationState = {
    ...state,
    calls: id,
    call: { id, operation, connection: state.connection, revision: state.revision },
    registered: operation === 'register' && state.registered,
  };
  return [pending, [command]];
}
