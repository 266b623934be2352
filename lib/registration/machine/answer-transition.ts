import type { SidecarAnswer } from '../../agent/client/sidecar-client.js';
import { isAgentGone } from '../../agent/connection/connection-failure.js';
import { isUnknownInstance } from '../../agent/protocol/unknown-instance.js';
import { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { SidecarConnectionError } from '../../errors/sidecar-connection.error.js';
import { decide } from './decide.js';
import { onGoodbye } from './leave-transition.js';
import { onRefused, retry } from './refused-register.js';
import type { RegistrationCommand } from './registration-command.js';
import type { PendingCall, RegistrationState } from './registration-state.js';
import { andThen, type Step } from './step.js';

/** How often a manual deregister is repeated while a register may still reach the agent. */
const DOUBTS = 3;

/** The states in which an accepted register leaves the instance out of rotation. */
const OUT_OF_ROTATION = new Set(['Draining', 'Deregistered']);

/** Handles `answered`: the agent accepted the call in flight. Ignores answers to other calls. */
export function onAnswered(state: RegistrationState, id: number, answer: SidecarAnswer): Step {
  const { call } = state;
  if (call?.id !== id) return [state, []];
  const heard: RegistrationState = {
    ...state,
    call: null,
    dialect: answer.dialect ?? state.dialect,
    state: answer.state ?? state.state,
    instanceId: answer.instanceId ?? state.instanceId,
  };
  if (call.operation !== 'register') return withdrawn(heard, call);
  if (isDrainedElsewhere(state, answer)) return leaveAlone(heard);
  if (OUT_OF_ROTATION.has(answer.state ?? '')) return leftOver(heard, call);
  return registered(heard, call, answer);
}

/**
 * Handles `failed`: the agent refused the call in flight, or did not answer it. Ignores failures of
 * other calls.
 */
export function onFailed(state: RegistrationState, id: number, error: SidecarAgentError): Step {
  const { call } = state;
  if (call?.id !== id) return [state, []];
  const heard: RegistrationState = { ...state, call: null };
  if (call.operation !== 'register') return withdrawn(heard, call, error);
  const refused: RegistrationState = {
    ...heard,
    registered: false,
    holding: state.holding === 'nothing' ? 'unconfirmed' : state.holding,
    mayLand: mayLandLater(error),
    failures: state.failures + 1,
    registerReplayFailureCount: state.registerReplayFailureCount + 1,
  };
  return onRefused(refused, call, error, isCurrent(refused, call));
}

/** Handles `unsent`: the call was not sent, since it is not wanted any more. */
export function onUnsent(state: RegistrationState, id: number): Step {
  return state.call?.id === id ? decide({ ...state, call: null }) : [state, []];
}

function registered(state: RegistrationState, call: PendingCall, { dialect }: SidecarAnswer): Step {
  const accepted: RegistrationState = {
    ...state,
    holding: 'registered',
    confirmed: true,
    acceptedNode: call.node,
    cured: false,
    // An agent of a dialect tells of a drain in its answer.
    drainInDoubt: !state.hasDialects && state.drainInDoubt && !call.undoesDrain,
    mayLand: false,
    failures: 0,
    registeredRevision: call.revision,
    lastServiceName: call.node.service.name,
    lastServicePort: call.node.serverPort,
    registerReplayCount: state.registerReplayCount + 1,
  };
  if (!isCurrent(accepted, call)) return decide(accepted);
  const known: RegistrationState = { ...accepted, streamDialect: dialect ?? null };
  if (known.leaving || known.wanted !== 'registered') return decide(known);
  return andThen([{ ...known, registered: true }, [{ type: 'confirm' }]], decide);
}

/**
 * Returns whether another client of the agent has drained an instance that this process had
 * registered. Until then a draining instance is left over from a process before.
 */
function isDrainedElsewhere(state: RegistrationState, answer: SidecarAnswer): boolean {
  const isOurs = !state.confirmed || state.drainInDoubt || state.leaving || state.wanted !== 'registered';
  return answer.state === 'Draining' && !isOurs;
}

/** Notes that the instance is drained until it is resumed, as after a manual drain. */
function leaveAlone(state: RegistrationState): Step {
  const drained: RegistrationState = {
    ...state,
    registered: false,
    mayLand: false,
    holding: 'draining',
    wanted: 'drained',
    drainedElsewhere: true,
    replayDue: false,
  };
  return decide(drained);
}

/** Notes that the agent accepted a register, but keeps the instance out of rotation. */
function leftOver(state: RegistrationState, call: PendingCall): Step {
  const held: RegistrationState = {
    ...state,
    registered: false,
    mayLand: false,
    holding: 'draining',
    failures: state.failures + 1,
  };
  // The first cure starts at once. If it does not help, the next one waits like any retry.
  return held.failures > 1 && isCurrent(held, call) ? retry(held) : decide(held);
}

/** Notes the end of a drain or deregister, with or without success. */
function withdrawn(state: RegistrationState, call: PendingCall, error?: SidecarAgentError): Step {
  const isDone = error === undefined || isUnknownInstance(error);
  if (state.leaving && state.leaving !== 'settling') return withdrawnInLeave(state, call, error, isDone);
  // A left-over is deregistered to be registered again: then a late register does no harm.
  const isReplaced = state.wanted === 'registered' && !state.leaving;
  const isDoubtful = error !== undefined && state.mayLand && !isReplaced;
  const drainInDoubt = state.drainInDoubt || (!isDone && call.operation === 'drain');
  const told = isDone && !isDoubtful ? holdingAfter(state, call) : { ...state, drainInDoubt };
  const next = (settled: RegistrationState): Step => {
    if (call.operation === 'drain') return decide(settled);
    if (isDoubtful) return doubt(settled, isDone);
    const isRepeated = !isDone && isReplaced && !settled.waiting && isCurrent(settled, call);
    return isRepeated ? retry({ ...settled, failures: settled.failures + 1 }) : decide(settled);
  };
  const [request, ...requests] = told.requests;
  if (request?.operation !== call.operation) return next(told);
  const settled: RegistrationCommand = { type: 'settled', request, error: isDone ? undefined : error };
  return andThen([{ ...told, requests }, [settled]], next);
}

/** Settles a manual request that the leave has carried out, and continues the leave. */
function withdrawnInLeave(
  state: RegistrationState,
  { operation }: PendingCall,
  error: SidecarAgentError | undefined,
  isDone: boolean,
): Step {
  const [request, ...requests] = state.requests;
  if (!isDone || request?.operation !== operation) return onGoodbye(state, operation, error);
  const settled: RegistrationCommand = { type: 'settled', request };
  return andThen([{ ...state, requests }, [settled]], (next) => onGoodbye(next, operation, error));
}

/**
 * Returns whether a register that failed may still reach the agent: one that timed out may wait
 * there behind others. One that was refused, or that its dialect cannot write, does not.
 */
function mayLandLater({ cause }: SidecarAgentError): boolean {
  if (cause instanceof SidecarConnectionError) return !isAgentGone(cause);
  // What another client throws tells nothing.
  return !(cause instanceof SidecarAgentError);
}

function holdingAfter(state: RegistrationState, call: PendingCall): RegistrationState {
  return call.operation === 'drain'
    ? { ...state, holding: 'draining', state: 'Draining' }
    : { ...state, holding: 'nothing', state: 'Deregistered', mayLand: false };
}

/**
 * Waits before another deregister: the agent refused it or does not know the instance, but a
 * register that timed out may still reach it.
 */
function doubt(state: RegistrationState, isUnknown: boolean): Step {
  const failures = state.failures + 1;
  if (state.leaving || state.waiting) return decide({ ...state, failures });
  if (failures <= DOUBTS) {
    return andThen([{ ...state, failures, waiting: true }, [{ type: 'retry', failures }]], decide);
  }
  const settled: RegistrationState = { ...state, mayLand: false };
  return decide(isUnknown ? { ...settled, holding: 'nothing', state: 'Deregistered' } : settled);
}

/** Returns whether a call was made on the stream that is open now. */
function isCurrent(state: RegistrationState, call: PendingCall): boolean {
  return state.connected && call.connection === state.connection;
}
