import type { RegistrationState } from './registration-state.js';

/**
 * Returns the state that follows from an event, with the moment since when the registration is
 * lost. The events do not all tell when they happened.
 *
 * @param now returns milliseconds since 1970
 */
export function withLostSince(
  before: RegistrationState,
  after: RegistrationState,
  now: () => number,
): RegistrationState {
  const lostSince = lostSinceOf(before, after, now);
  return lostSince === after.lostSince ? after : { ...after, lostSince };
}

function lostSinceOf(
  before: RegistrationState,
  { registered, leaving, wanted, lostSince }: RegistrationState,
  now: () => number,
): number | null {
  // What your code or the shutdown takes out is not lost.
  if (registered || leaving || wanted !== 'registered') return null;
  return before.registered ? now() : lostSince;
}
