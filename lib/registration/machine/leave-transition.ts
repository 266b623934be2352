import type { RegistrationCommand } from './registration-command.js';
import type { RegistrationState } from './registration-state.js';
import { startCall } from './start-call.js';
import type { Step } from './step.js';

/** Handles `leave`: from now on no register is sent. */
export function beginLeave(state: RegistrationState): Step {
  const leaving: RegistrationState = {
    ...state,
    leaving: 'settling',
    registered: false,
    replayDue: false,
    waiting: false,
    nextRetryAt: null,
  };
  return [leaving, state.waiting ? [{ type: 'cancelRetry' }] : []];
}

/**
 * Takes the next step of the leave, once no call is in flight. A call that was in flight when the
 * leave began is awaited, not aborted, since the agent finishes it in any case.
 */
export function continueLeave(state: RegistrationState): Step {
  switch (state.leaving) {
    case 'settling':
      if (state.holding === 'nothing') return finishCalls(state, 'nothing');
      // If the agent never accepted a register, no router has to learn of the drain.
      if (!state.confirmed || !state.graceful) return deregister(state);
      if (state.holding === 'draining') return serveOn(state);
      return startCall({ ...state, leaving: 'draining' }, 'drain');
    case 'draining':
      return state.drainFailed ? deregister(state) : serveOn(state);
    case 'deregistering': {
      // If the drain failed, routers learn of the leave from the deregister, and need the time now.
      const isNews = state.drainFailed && state.holding === 'nothing';
      return finishCalls(state, isNews ? 'drainDelay' : 'nothing');
    }
    default:
      return [state, []];
  }
}

/** Handles `quiet`: the wait of the current step is over. */
export function onQuiet(state: RegistrationState): Step {
  if (state.leaving === 'serving-on') return deregister(state);
  if (state.leaving === 'finishing') return endLeave(state);
  return [state, []];
}

/** Ends the leave, even if calls are in flight, and settles the manual requests that remain. */
export function endLeave(state: RegistrationState): Step {
  const settled = state.requests.map((request): RegistrationCommand => ({ type: 'settled', request }));
  const left: RegistrationState = { ...state, leaving: 'left', connected: false, call: null, requests: [] };
  return [left, [...settled, { type: 'left' }]];
}

function serveOn(state: RegistrationState): Step {
  const wait: RegistrationCommand = { type: 'quiesce', atLeast: 'drainDelay', before: 'deregister' };
  return [{ ...state, leaving: 'serving-on' }, [wait]];
}

function deregister(state: RegistrationState): Step {
  return startCall({ ...state, leaving: 'deregistering' }, 'deregister');
}

/** Waits for the last calls, those of clients that do not use the mesh included. */
function finishCalls(state: RegistrationState, atLeast: 'drainDelay' | 'nothing'): Step {
  const hasServed = state.node !== null;
  if (!hasServed || !state.graceful) return endLeave(state);
  return [{ ...state, leaving: 'finishing' }, [{ type: 'quiesce', atLeast, before: 'close' }]];
}
