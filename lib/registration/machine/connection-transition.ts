import { decide, withdrawAgain } from './decide.js';
import type { RegistrationState } from './registration-state.js';
import { cancelRetry, type Step } from './step.js';

/**
 * Handles `connected`: a new stream needs a register; a repeated event on the same stream asks for
 * one replay.
 */
export function onConnected(state: RegistrationState, at: number): Step {
  if (state.connected) return replay(state);
  const open: RegistrationState = {
    ...state,
    connected: true,
    connection: state.connection + 1,
    lastConnectedAt: at,
  };
  // A leave goes on as it is, whatever becomes of the stream.
  if (state.leaving) return decide(open);
  const fresh: RegistrationState = { ...open, nextRetryAt: null, failures: 0, replayDue: false };
  return mayHoldUnwanted(fresh) ? withdrawAgain(fresh) : decide(fresh);
}

/**
 * Returns whether the agent may hold an instance that your code has taken out: the call failed, or
 * your code asked before the start, and a process that was killed has left the instance.
 */
function mayHoldUnwanted({ wanted, holding, call, requests }: RegistrationState): boolean {
  return wanted !== 'registered' && holding === 'unconfirmed' && !call && requests.length === 0;
}

/** Handles `recalled`: another process on the port has withdrawn what is this one's as well. */
export function onRecalled(state: RegistrationState): Step {
  const { call } = state;
  // The register in flight may have reached the agent before the drain.
  const doubtful = { ...state, drainInDoubt: true, call: call && { ...call, undoesDrain: false } };
  if (state.drainedElsewhere && !state.leaving) {
    return decide({ ...doubtful, wanted: 'registered', drainedElsewhere: false });
  }
  return state.connected ? replay(doubtful) : [doubtful, []];
}

/** Asks for one register more, but does not cut short the wait after one that failed. */
function replay(state: RegistrationState): Step {
  const isDue = !state.waiting && state.wanted === 'registered';
  return isDue ? decide({ ...state, replayDue: true }) : [state, []];
}

/**
 * Handles `reassertDue`: sends the register again. What is not registered gets one anyway, and each
 * accepted register starts the next wait.
 */
export function onReassertDue(state: RegistrationState): Step {
  return state.registered && !state.call ? decide({ ...state, replayDue: true }) : [state, []];
}

/**
 * Handles `disconnected`: without a stream the service is not registered, and nothing is retried.
 */
export function onDisconnected(state: RegistrationState, at: number, nextRetryAt: number | null): Step {
  const lost = { ...state, nextRetryAt: state.leaving ? state.nextRetryAt : nextRetryAt };
  if (!state.connected) return [lost, []];
  const dropped: RegistrationState = {
    ...lost,
    connected: false,
    registered: false,
    streamDialect: null,
    replayDue: false,
    waiting: false,
    lastDisconnectedAt: at,
    disconnectCount: state.disconnectCount + 1,
  };
  if (state.leaving) return [{ ...dropped, waiting: state.waiting }, []];
  return [dropped, cancelRetry(state)];
}
