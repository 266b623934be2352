import type { RegistrationCommand } from './registration-command.js';
import type { RegistrationState } from './registration-state.js';

/** The result of a transition: the next state, and the commands to carry out, in order. */
export type Step = readonly [state: RegistrationState, commands: readonly RegistrationCommand[]];

/** Returns the command that ends the wait for the next try, if the state has one. */
export function cancelRetry({ waiting }: RegistrationState): readonly RegistrationCommand[] {
  return waiting ? [{ type: 'cancelRetry' }] : [];
}

/** Continues from a step: its commands come before those of `next`. */
export function andThen([state, commands]: Step, next: (state: RegistrationState) => Step): Step {
  const [after, more] = next(state);
  return [after, [...commands, ...more]];
}
