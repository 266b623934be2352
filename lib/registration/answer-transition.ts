import type { SidecarAnswer } from '../agent/client/sidecar-client.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { SidecarApiError } from '../errors/sidecar-api.error.js';
import { decide } from './decide-transition.js';
import type { RegistrationCommand } from './registration-event.js';
import type { PendingCall, RegistrationState } from './registration-state.js';
import { andThen, type Step } from './step.js';

/** The states that mean: held, and out of rotation. */
const OUT_OF_ROTATION = new Set(['Draining', 'Deregistered']);

/** The agent said yes to a call. */
export function answered(state: RegistrationState, id: number, answer: SidecarAnswer): Step {
  const { call } = state;
  if (call?.id !== id) return [state, []];
  const heard: RegistrationState = {
    ...state,
    call: null,
    dialect: answer.dialect ?? state.dialect,
    state: answer.state ?? state.state,
    instanceId: answer.instanceId ?? state.instanceId,
  };
  if (call.operation !== 'register') return ended(heard, call);
  if (OUT_OF_ROTATION.has(answer.state ?? '')) return leftOver(heard, call);
  const accepted: RegistrationState = {
    ...heard,
    holding: 'registered',
    confirmed: true,
    failures: 0,
    registeredRevision: call.revision,
    lastServiceName: call.node.service.name,
    lastServicePort: call.node.serverPort,
    registerReplayCount: state.registerReplayCount + 1,
  };
  if (!isCurrent(accepted, call)) return decide(accepted);
  const known = { ...accepted, streamDialect: answer.dialect ?? null };
  if (known.leaving || known.wanted !== 'registered') return decide(known);
  return andThen([{ ...known, registered: true }, [{ type: 'confirm' }]], decide);
}

/** The agent said no to a call, or nothing. */
export function failed(state: RegistrationState, id: number, error: SidecarAgentError): Step {
  const { call } = state;
  if (call?.id !== id) return [state, []];
  const heard: RegistrationState = { ...state, call: null };
  if (call.operation !== 'register') {
    return isUnknownInstance(error) ? ended(heard, call) : ended(heard, call, error);
  }
  const refused: RegistrationState = {
    ...heard,
    registered: false,
    holding: state.holding === 'nothing' ? 'unconfirmed' : state.holding,
    failures: state.failures + 1,
    registerReplayFailureCount: state.registerReplayFailureCount + 1,
  };
  return isCurrent(refused, call) ? retry(refused) : decide(refused);
}

/** An agent that does not know the instance answers 400: after a restart of its own that is how it should be. */
export function isUnknownInstance(error: SidecarAgentError): boolean {
  return error instanceof SidecarApiError && error.statusCode === 400;
}

function leftOver(state: RegistrationState, call: PendingCall): Step {
  const held: RegistrationState = {
    ...state,
    registered: false,
    holding: 'draining',
    failures: state.failures + 1,
  };
  // The first time it is put right at once; if it comes back as it was, it waits its turn.
  return held.failures > 1 && isCurrent(held, call) ? retry(held) : decide(held);
}

/** A drain or deregister has ended, with an error or as it should. */
function ended(state: RegistrationState, call: PendingCall, error?: SidecarAgentError): Step {
  const told = error ? state : holdingAfter(state, call);
  if (told.leaving === 'draining') return decide({ ...told, undrained: error !== undefined });
  const [request, ...requests] = told.requests;
  if (request?.operation === call.operation) {
    const settled: RegistrationCommand = { type: 'settled', request, error };
    return andThen([{ ...told, requests }, [settled]], decide);
  }
  const isReset = told.wanted === 'registered' && !told.leaving;
  return error && isReset && isCurrent(told, call)
    ? retry({ ...told, failures: told.failures + 1 })
    : decide(told);
}

function holdingAfter(state: RegistrationState, call: PendingCall): RegistrationState {
  return call.operation === 'drain'
    ? { ...state, holding: 'draining', state: 'Draining' }
    : { ...state, holding: 'nothing', state: 'Deregistered' };
}

/** Sets the next try, where there is somebody to try it on. */
function retry(state: RegistrationState): Step {
  if (state.leaving || state.wanted !== 'registered') return decide(state);
  return [{ ...state, waiting: true }, [{ type: 'retry', failures: state.failures }]];
}

function isCurrent(state: RegistrationState, call: PendingCall): boolean {
  return state.connected && call.connection === state.connection;
}
