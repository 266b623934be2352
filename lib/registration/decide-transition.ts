import { leaveOn } from './leave-transition.js';
import type { RegistrationState, Request } from './registration-state.js';
import { call, andThen, type Step } from './step.js';

/** What is to be done in this state, where nothing is in flight: leave, serve a request made by hand, or register. */
export function decide(state: RegistrationState): Step {
  if (state.call) return [state, []];
  if (state.leaving) return leaveOn(state);
  const [request] = state.requests;
  if (request) return serve(state, request);
  if (state.wanted !== 'registered' || !state.node || !state.connected || state.waiting) return [state, []];
  // The agent holds it as draining, left over from a process that died while leaving: out of rotation until it is gone.
  if (state.holding === 'draining') return call(state, 'deregister');
  if (state.registered && !state.again && state.registeredRevision === state.revision) return [state, []];
  return call({ ...state, again: false, nextRetryAt: null }, 'register');
}

function serve(state: RegistrationState, request: Request): Step {
  const isDone =
    state.holding === 'nothing' || (request.operation === 'drain' && state.holding === 'draining');
  // The request stays at the head of the queue until its call has ended.
  if (!isDone) return call(state, request.operation, request.gracePeriod);
  return andThen([{ ...state, requests: state.requests.slice(1) }, [{ type: 'settled', request }]], decide);
}
