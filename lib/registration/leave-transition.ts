import type { RegistrationCommand } from './registration-event.js';
import type { RegistrationState } from './registration-state.js';
import { call, type Step } from './step.js';

/** The first line of the leave: from here on no register starts. */
export function beginLeave(state: RegistrationState): Step {
  const leaving: RegistrationState = {
    ...state,
    leaving: 'settling',
    registered: false,
    again: false,
    waiting: false,
    nextRetryAt: null,
  };
  return [leaving, state.waiting ? [{ type: 'cancelRetry' }] : []];
}

/** The next step of the leave, where no call is in flight: one that was is awaited, since the agent finishes what it began. */
export function leaveOn(state: RegistrationState): Step {
  switch (state.leaving) {
    case 'settling':
      if (state.holding === 'nothing') return finish(state, 'nothing');
      // What was never in rotation, as far as was heard, has no routers to wait for.
      if (!state.confirmed || !state.graceful) return deregister(state);
      if (state.holding === 'draining') return quiesce(state, 'serving-on', 'drainDelay');
      return call({ ...state, leaving: 'draining' }, 'drain');
    case 'draining':
      return state.undrained ? deregister(state) : quiesce(state, 'serving-on', 'drainDelay');
    case 'deregistering': {
      // Routers that missed the drain learn of the leave by the deregister, if that has arrived.
      const isNews = state.undrained && state.holding === 'nothing';
      return finish(state, isNews ? 'drainDelay' : 'nothing');
    }
    default:
      return [state, []];
  }
}

/** A wait for calls in flight is over. */
export function quieted(state: RegistrationState): Step {
  if (state.leaving === 'serving-on') return deregister(state);
  if (state.leaving === 'finishing') return endLeave(state);
  return [state, []];
}

/** The service has left, whatever is still open. */
export function endLeave(state: RegistrationState): Step {
  const settled = state.requests.map((request): RegistrationCommand => ({ type: 'settled', request }));
  const left: RegistrationState = { ...state, leaving: 'left', connected: false, call: null, requests: [] };
  return [left, [...settled, { type: 'left' }]];
}

function deregister(state: RegistrationState): Step {
  return call({ ...state, leaving: 'deregistering' }, 'deregister');
}

/** Calls in flight are finished whoever sent them: also those of callers that never asked the mesh. */
function finish(state: RegistrationState, atLeast: 'drainDelay' | 'nothing'): Step {
  const hasServed = state.node !== null;
  return hasServed && state.graceful ? quiesce(state, 'finishing', atLeast) : endLeave(state);
}

function quiesce(
  state: RegistrationState,
  leaving: 'serving-on' | 'finishing',
  atLeast: 'drainDelay' | 'nothing',
): Step {
  return [
    { ...state, leaving },
    [{ type: 'quiesce', atLeast, before: leaving === 'serving-on' ? 'deregister' : 'close' }],
  ];
}
