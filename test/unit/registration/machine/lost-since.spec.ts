import { describe, expect, it } from '@jest/globals';
import { withLostSince } from '../../../../lib/registration/machine/lost-since.js';
import {
  initialState,
  type RegistrationState,
} from '../../../../lib/registration/machine/registration-state.js';

const NOW = 1_000;

const state = (more: Partial<RegistrationState> = {}): RegistrationState => ({
  ...initialState({ enabled: true, graceful: true }),
  ...more,
});
const registered = state({ registered: true });
const after = (before: RegistrationState, next: RegistrationState) =>
  withLostSince(before, next, () => NOW).lostSince;

describe('withLostSince', () => {
  it('tells when the registration was lost, and keeps to that until it is back', () => {
    const lost = withLostSince(registered, state(), () => NOW);
    expect(lost.lostSince).toBe(NOW);
    const later = withLostSince(lost, { ...lost, connected: true }, () => NOW + 1);
    expect(later.lostSince).toBe(NOW);
    expect(withLostSince(later, { ...later, registered: true }, () => NOW + 2).lostSince).toBeNull();
  });

  it('says nothing before the first register', () => {
    expect(after(state(), state({ connected: true }))).toBeNull();
  });

  it.each<[string, Partial<RegistrationState>]>([
    ['drained', { wanted: 'drained' }],
    ['deregistered', { wanted: 'deregistered' }],
    ['leaving', { leaving: 'settling' }],
  ])('does not count as lost what is %s, be it lost before', (_name, more) => {
    expect(after(registered, state(more))).toBeNull();
    expect(after(state({ lostSince: 7 }), state({ lostSince: 7, ...more }))).toBeNull();
  });

  it('is not lost when it is resumed, until it is registered and lost again', () => {
    expect(after(state({ wanted: 'drained' }), state())).toBeNull();
  });

  it('returns the same state if nothing changes', () => {
    const same = state({ lostSince: 7 });
    expect(withLostSince(same, same, () => NOW)).toBe(same);
  });
});
