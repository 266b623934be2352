import { continueLeave } from './leave-transition.js';
import type { ManualRequest, RegistrationState } from './registration-state.js';
import { countOthers } from './shared-port.js';
import { startCall } from './start-call.js';
import { andThen, type Step } from './step.js';

/**
 * Decides what to do next, unless a call is in flight or other processes are asked. In this order:
 * continue the leave, carry out the oldest manual request, deregister a left-over instance, send a
 * register that is due.
 */
export function decide(state: RegistrationState): Step {
  if (state.call || state.remaining === 'asked') return [state, []];
  if (state.leaving) return continueLeave(state);
  const [request] = state.requests;
  if (request) return carryOut(state, request);
  if (state.wanted === 'deregistered' && state.mayLand && state.holding !== 'nothing' && !state.waiting) {
    return withdrawAgain(state);
  }
  if (state.wanted !== 'registered' || !state.node || !state.connected || state.waiting) return [state, []];
  // Left over from a process that died during its drain. An agent keeps a draining instance out of
  // rotation even if it is registered again.
  if (state.holding === 'draining') return startCall(state, 'deregister');
  const isUpToDate = state.registered && state.registeredRevision === state.revision;
  if (isUpToDate && !state.replayDue) return [state, []];
  return startCall({ ...state, replayDue: false, nextRetryAt: null }, 'register');
}

/** Repeats what your code asked for last, since the agent may hold the instance all the same. */
export function withdrawAgain(state: RegistrationState): Step {
  const operation = state.wanted === 'drained' ? 'drain' : 'deregister';
  const again: ManualRequest = { operation, gracePeriod: state.asked?.gracePeriod };
  return decide({ ...state, requests: [...state.requests, again] });
}

function carryOut(state: RegistrationState, request: ManualRequest): Step {
  const isDone =
    state.holding === 'nothing' || (request.operation === 'drain' && state.holding === 'draining');
  // The request stays at the head of the queue until its call has ended.
  if (!isDone) {
    // Other processes may register the same instance: then it is not only this one's to take back.
    const isAlone = state.workers === null || state.workers === 1;
    return isAlone ? startCall(state, request.operation, request.gracePeriod) : countOthers(state);
  }
  return andThen([{ ...state, requests: state.requests.slice(1) }, [{ type: 'settled', request }]], decide);
}
