import { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { decide } from './decide-transition.js';
import type { RegistrationCommand } from './registration-event.js';
import type { RegistrationState, Request } from './registration-state.js';
import { andThen, type Step } from './step.js';

/** A drain or deregister is asked for by hand: it holds until the service is resumed. */
export function requested(state: RegistrationState, request: Request): Step {
  if (state.leaving) return [state, [{ type: 'settled', request }]];
  // Who is out of the registry already stays out.
  const wanted =
    request.operation === 'drain' && state.wanted !== 'deregistered' ? 'drained' : 'deregistered';
  const held: RegistrationState = {
    ...state,
    wanted,
    registered: false,
    again: false,
    waiting: false,
    nextRetryAt: state.waiting ? null : state.nextRetryAt,
    requests: [...state.requests, request],
  };
  return andThen([held, state.waiting ? [{ type: 'cancelRetry' }] : []], decide);
}

/**
 * What was taken out by hand comes back: an instance that the agent holds as draining is deregistered first, since a register
 * would leave it so.
 */
export function resumed(state: RegistrationState): Step {
  if (state.leaving || state.wanted === 'registered') return [state, []];
  const [head] = state.requests;
  const underWay = head && head.operation === state.call?.operation ? [head] : [];
  const overtaken = state.requests.slice(underWay.length).map((request): RegistrationCommand => {
    const message = `the ${request.operation} was not sent: the service was resumed before`;
    return { type: 'settled', request, error: new SidecarAgentError('runtime_error', message) };
  });
  const wanted: RegistrationState = { ...state, wanted: 'registered', failures: 0, requests: underWay };
  return andThen([wanted, overtaken], decide);
}
