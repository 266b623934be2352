import { isAgentGone } from '../../agent/connection/connection-failure.js';
import { isRefusedCredentials } from '../../agent/protocol/refused-credentials.js';
import { isUnknownInstance } from '../../agent/protocol/unknown-instance.js';
import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import type { Hopelessness, RegistrationCommand } from './registration-command.js';
import type { RegistrationEvent } from './registration-event.js';
import { type Operation, othersOf, type RegistrationState } from './registration-state.js';
import { countOthers, isShared, withOthers } from './shared-port.js';
import { startCall } from './start-call.js';
import { andThen, cancelRetry, type Step } from './step.js';

/** Handles `leave`: from now on no register is sent. */
export function beginLeave(state: RegistrationState, atOnce: boolean): Step {
  const leaving: RegistrationState = {
    ...state,
    leaving: 'settling',
    atOnce,
    registered: false,
    replayDue: false,
    waiting: false,
    failures: 0,
    nextRetryAt: null,
  };
  return [leaving, cancelRetry(state)];
}

/** Handles `leave` with `atOnce` in the middle of a leave: nothing waits for routers any more. */
export function hurryLeave(state: RegistrationState): Step {
  if (state.atOnce) return [state, []];
  const hurried: RegistrationState = { ...state, atOnce: true };
  const isBefore = state.leaving === 'draining' || state.leaving === 'serving-on';
  return isBefore ? deregisterNow(hurried) : [hurried, []];
}

/**
 * Starts the leave, once no call is in flight. A call that was in flight when it began is awaited,
 * not aborted, since the agent finishes it in any case.
 */
export function continueLeave(state: RegistrationState): Step {
  if (state.leaving !== 'settling' || state.remaining === 'asked') return [state, []];
  if (state.workers !== null && !state.remaining) return countOthers(state);
  if (othersOf(state).onPort > 0) return handOver(state);
  if (state.holding === 'nothing') return finishCalls(state, 'nothing');
  // A draining instance that this process never registered is left over, and in no rotation.
  const isLeftOver = state.holding === 'draining' && !state.confirmed;
  if (!state.graceful || state.atOnce || isLeftOver) return deregister(state);
  if (state.holding === 'draining') return serveOn(state);
  return startCall({ ...state, leaving: 'draining' }, 'drain');
}

/** Handles `remaining` in a leave, which asked how many processes still serve the port. */
export function onRemaining(
  state: RegistrationState,
  counted: Extract<RegistrationEvent, { type: 'remaining' }>,
): Step {
  if (state.remaining !== 'asked') return [state, []];
  const known = withOthers(state, counted);
  if (state.leaving !== 'deregistering') return continueLeave(known);
  return counted.remaining.onPort > 0 ? handOver(known) : deregister(known);
}

/** Handles the end of a drain or deregister of the leave, with or without success. */
export function onGoodbye(state: RegistrationState, operation: Operation, error?: SidecarAgentError): Step {
  return operation === 'drain' ? onDrained(state, error) : onDeregistered(state, error);
}

/** Handles `retryDue`: repeats the drain or deregister of the leave that failed. */
export function onGoodbyeDue(state: RegistrationState): Step {
  const due: RegistrationState = { ...state, waiting: false, nextRetryAt: null };
  return startCall(due, state.leaving === 'serving-on' ? 'drain' : 'deregister');
}

/** Handles `gaveUp`: the drain or deregister is not repeated any more. */
export function onGaveUp(state: RegistrationState): Step {
  if (!state.waiting) return [state, []];
  const given: RegistrationState = { ...state, waiting: false, nextRetryAt: null };
  return state.leaving === 'deregistering' ? finishCalls(given, 'nothing') : [given, []];
}

/** Handles `quiet`: the wait of the current step is over. */
export function onQuiet(state: RegistrationState): Step {
  if (state.leaving === 'finishing') return endLeave(state);
  return state.leaving === 'serving-on' ? deregisterNow(state) : [state, []];
}

/** Ends the leave, even if calls are in flight, and settles the manual requests that remain. */
export function endLeave(state: RegistrationState): Step {
  const settled = state.requests.map((request): RegistrationCommand => ({ type: 'settled', request }));
  const left: RegistrationState = {
    ...state,
    leaving: 'left',
    connected: false,
    call: null,
    waiting: false,
    nextRetryAt: null,
    requests: [],
  };
  return [left, [...settled, { type: 'left' }]];
}

function onDrained(state: RegistrationState, error: SidecarAgentError | undefined): Step {
  const isUnknown = error !== undefined && isUnknownInstance(error);
  // If the agent never accepted a register either, no router has to learn of the drain.
  if (isUnknown && !state.confirmed && state.leaving === 'draining') return deregister(state);
  if (error && !isUnknown) {
    const failed = { ...failedTry(state, error), drainFailed: true };
    const retry = retryOf(failed, 'drain', error);
    return state.leaving === 'draining'
      ? andThen(serveOn(failed), (next) => [next, [retry]])
      : [failed, [retry]];
  }
  const drained: RegistrationState = {
    ...state,
    holding: 'draining',
    state: 'Draining',
    drainFailed: false,
    goodbyeError: null,
    failures: 0,
  };
  return state.leaving === 'draining' ? serveOn(drained) : [drained, []];
}

function onDeregistered(state: RegistrationState, error: SidecarAgentError | undefined): Step {
  const isDone = error === undefined || (isUnknownInstance(error) && !state.mayLand);
  if (error && !isDone) {
    const failed = failedTry(state, error);
    return [failed, [retryOf(failed, 'deregister', error)]];
  }
  const done: RegistrationState = {
    ...state,
    holding: 'nothing',
    state: 'Deregistered',
    mayLand: false,
    goodbyeError: null,
  };
  // If the drain failed, routers learn of the leave from the deregister, and need the time now.
  return finishCalls(done, state.drainFailed && !state.atOnce ? 'drainDelay' : 'nothing');
}

function failedTry(state: RegistrationState, error: SidecarAgentError): RegistrationState {
  return { ...state, goodbyeError: error, failures: state.failures + 1, waiting: true };
}

function retryOf(
  { failures }: RegistrationState,
  operation: 'drain' | 'deregister',
  error: SidecarAgentError,
): RegistrationCommand {
  return { type: 'retryGoodbye', failures, operation, hopeless: hopelessness(error) };
}

function hopelessness(error: SidecarAgentError): Hopelessness | undefined {
  if (isAgentGone(error)) return 'agent gone';
  return isRefusedCredentials(error) ? 'credentials refused' : undefined;
}

function serveOn(state: RegistrationState): Step {
  const wait: RegistrationCommand = { type: 'quiesce', atLeast: 'drainDelay', before: 'deregister' };
  return [{ ...state, leaving: 'serving-on' }, [wait]];
}

/**
 * Leaves the port to the processes that remain. They get its new calls until this server closes, so
 * it does not wait for quiet. An instance that they register as well stays registered.
 */
function handOver(state: RegistrationState): Step {
  // What the agent holds is theirs now: nothing of it is left to this process.
  return isShared(state) || state.holding === 'nothing'
    ? finishCalls({ ...state, holding: 'nothing' }, 'nothing')
    : deregister(state);
}

/** Another process may have begun to serve the port during the wait. */
function deregisterUnlessShared(state: RegistrationState): Step {
  return state.workers === null ? deregister(state) : countOthers({ ...state, leaving: 'deregistering' });
}

/** A drain that is in flight or repeated must not delay the deregister. */
function deregisterNow(state: RegistrationState): Step {
  const freed: RegistrationState = { ...state, call: null, waiting: false, nextRetryAt: null };
  return andThen([freed, cancelRetry(state)], deregisterUnlessShared);
}

function deregister(state: RegistrationState): Step {
  return startCall({ ...state, leaving: 'deregistering', failures: 0 }, 'deregister');
}

/** Waits for the last calls, those of clients that do not use the mesh included. */
function finishCalls(state: RegistrationState, atLeast: 'drainDelay' | 'nothing'): Step {
  const hasServed = state.node !== null;
  // Others serve new calls, and the server's close waits for the last ones; a crash closes none.
  const isClosing = othersOf(state).onPort > 0 && !state.atOnce;
  if (!hasServed || !state.graceful || isClosing) return endLeave(state);
  return [{ ...state, leaving: 'finishing' }, [{ type: 'quiesce', atLeast, before: 'close' }]];
}
