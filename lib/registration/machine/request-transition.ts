import { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { decide } from './decide.js';
import type { RegistrationCommand } from './registration-command.js';
import type { RegistrationEvent } from './registration-event.js';
import type { ManualRequest, RegistrationState } from './registration-state.js';
import { isShared, withOthers } from './shared-port.js';
import { startCall } from './start-call.js';
import { andThen, cancelRetry, type Step } from './step.js';

/**
 * Handles `requested`: a manual drain or deregister, which holds until `resumed`. In a leave it is
 * settled at once, since the leave does both.
 */
export function onRequested(state: RegistrationState, request: ManualRequest): Step {
  if (state.leaving) return [state, [{ type: 'settled', request }]];
  // A drain does not bring a deregistered service back into the registry.
  const wanted =
    request.operation === 'drain' && state.wanted !== 'deregistered' ? 'drained' : 'deregistered';
  const held: RegistrationState = {
    ...state,
    wanted,
    asked: request,
    drainedElsewhere: false,
    registered: false,
    replayDue: false,
    failures: 0,
    waiting: false,
    nextRetryAt: state.waiting ? null : state.nextRetryAt,
    requests: [...state.requests, request],
  };
  return andThen([held, cancelRetry(state)], decide);
}

/**
 * Handles `remaining` outside of a leave: carries out the oldest request. An instance that other
 * processes register as well is left to them: the last one to give it up makes the call.
 */
export function onCounted(
  state: RegistrationState,
  counted: Extract<RegistrationEvent, { type: 'remaining' }>,
): Step {
  if (state.remaining !== 'asked') return [state, []];
  const known = withOthers(state, counted);
  const before: RegistrationState = { ...known, remaining: null };
  const [request, ...requests] = state.requests;
  if (!request) return decide(before);
  if (!isShared(known)) return startCall(before, request.operation, request.gracePeriod);
  const given: RegistrationState = { ...before, requests, holding: 'nothing', mayLand: false };
  return andThen([given, [{ type: 'settled', request }]], decide);
}

/**
 * Handles `resumed`: the service is wanted again. Rejects the requests whose call has not started.
 */
export function onResumed(state: RegistrationState): Step {
  if (state.leaving || state.wanted === 'registered') return [state, []];
  const [head] = state.requests;
  const inFlight = head && head.operation === state.call?.operation ? [head] : [];
  const overtaken = state.requests.slice(inFlight.length).map((request): RegistrationCommand => {
    const message = `${request.operation} not sent: resume() was called before it could be sent`;
    return { type: 'settled', request, error: new SidecarAgentError('runtime_error', message) };
  });
  const wanted: RegistrationState = {
    ...state,
    wanted: 'registered',
    asked: null,
    drainedElsewhere: false,
    failures: 0,
    requests: inFlight,
  };
  return andThen([wanted, overtaken], decide);
}
