import type { Inheritance } from './registration-event.js';
import type { RegistrationState } from './registration-state.js';
import type { Step } from './step.js';

/**
 * Returns whether this process goes on registering, so that another one may leave the port to it. A
 * leave that has not counted the others yet does so later, and then knows what it has inherited.
 */
export function goesOn({ node, wanted, leaving, remaining }: RegistrationState): boolean {
  if (!node || wanted !== 'registered') return false;
  return leaving === null || (leaving === 'settling' && remaining === null);
}

/**
 * Handles `inherited`: the agent may hold the instance, though this process did not register it.
 */
export function onInherited(state: RegistrationState, { ofInstance, dialect, mayLand }: Inheritance): Step {
  const known = state.dialect ?? dialect ?? null;
  const isOther = known === 'node' && !ofInstance;
  const isConfirmed = state.holding === 'registered' || state.holding === 'draining';
  if (!goesOn(state) || isOther || isConfirmed) return [state, []];
  const heir = { holding: 'unconfirmed', dialect: known, mayLand: state.mayLand || mayLand } as const;
  const isNews =
    heir.holding !== state.holding || heir.dialect !== state.dialect || heir.mayLand !== state.mayLand;
  return isNews ? [{ ...state, ...heir }, []] : [state, []];
}
