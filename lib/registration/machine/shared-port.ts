import type { Inheritance, RegistrationEvent } from './registration-event.js';
import { dialectOf, othersOf, type RegistrationState } from './registration-state.js';
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
 * Returns whether what the agent holds is the instance of other processes as well. An instance of
 * an unknown dialect counts as that of this process alone: the others are told to register again,
 * should it have been theirs.
 */
export function isShared(state: RegistrationState): boolean {
  const { onPort, ofInstance } = othersOf(state);
  const isOfPort = !state.hasDialects || dialectOf(state) === 'flat';
  return ofInstance > 0 || (onPort > 0 && isOfPort);
}

/** Asks how many other processes go on; the answer is `remaining`. */
export function countOthers(state: RegistrationState): Step {
  return [{ ...state, remaining: 'asked' }, [{ type: 'countRemaining' }]];
}

/** Returns the state with the answer. */
export function withOthers(
  state: RegistrationState,
  { remaining, dialect }: Extract<RegistrationEvent, { type: 'remaining' }>,
): RegistrationState {
  return { ...state, remaining, dialect: state.dialect ?? dialect ?? null };
}

/**
 * Handles `inherited`: the agent may hold the instance, though this process did not register it.
 */
export function onInherited(state: RegistrationState, { ofInstance, dialect, mayLand }: Inheritance): Step {
  const known = dialectOf(state) ?? dialect ?? null;
  const isOther = known === 'node' && !ofInstance;
  const isConfirmed = state.holding === 'registered' || state.holding === 'draining';
  if (!goesOn(state) || isOther || isConfirmed) return [state, []];
  const heir = { holding: 'unconfirmed', dialect: known, mayLand: state.mayLand || mayLand } as const;
  const isNews =
    heir.holding !== state.holding || heir.dialect !== state.dialect || heir.mayLand !== state.mayLand;
  return isNews ? [{ ...state, ...heir }, []] : [state, []];
}
