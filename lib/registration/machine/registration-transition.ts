import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { boundedText } from '../../support/text/bounded-text.js';
import { onAnswered, onFailed, onUnsent } from './answer-transition.js';
import { onConnected, onDisconnected, onReassertDue, onRecalled } from './connection-transition.js';
import { decide } from './decide.js';
import {
  beginLeave,
  endLeave,
  hurryLeave,
  onGaveUp,
  onGoodbyeDue,
  onQuiet,
  onRemaining,
} from './leave-transition.js';
import { onReady, onUpdated } from './node-transition.js';
import type { RegistrationEvent } from './registration-event.js';
import { phaseOf, type RegistrationState } from './registration-state.js';
import { onCounted, onRequested, onResumed } from './request-transition.js';
import { onInherited } from './shared-port.js';
import { andThen, type Step } from './step.js';

/**
 * Returns what follows from an event: the next state, and the commands that the executor carries
 * out, in order. This is the whole registration as a pure function: it reads no clock, sends
 * nothing, and changes no object that it is given.
 *
 * **Events** come from three sides:
 * - your application: `ready`, `updated`, `requested`, `resumed`, `leave`
 * - the watch: `connected`, `lost`, `disconnected`
 * - the executor: `answered`, `failed`, `unsent`, `late`, `scheduled`, `retryDue`, `reassertDue`,
 * `gaveUp`, `quiet`, `workers`, `recalled`, `inherited`, `remaining`, `deadline`, `error`
 *
 * Each event has a handler that records what happened. Then {@link decide} alone chooses the next
 * call to the agent; after a failed call on the current stream it first waits for `retryDue`.
 *
 * **Leaving** means: drain, serve on, deregister, finish the last calls. `leave` starts it once;
 * its steps are `LeavingStep`. `quiet` ends each wait in it and starts what follows; `deadline`
 * ends it at any step. If other processes serve the port, this one neither drains nor waits.
 *
 * **Invariants**, for every order of events (`registration-sequences.spec.ts` plays thousands):
 * - At most one call to the agent is in flight.
 * - No register starts after `leave`, nor while the service is drained or deregistered manually.
 * - `registered` is true only if the agent accepted the last register it answered on the current
 *   stream.
 * - What the status tells of the node is what the next register sends.
 * - Each manual request is settled exactly once.
 * - If the agent may hold the instance, the last call of a leave is a deregister, unless `deadline`
 *   comes first, or another process serves the same instance.
 * - An event that says nothing new, such as a late answer, returns the same state object and no
 *   command.
 */
export function transition(state: RegistrationState, event: RegistrationEvent): Step {
  const [next, commands] = handle(state, event);
  const phase = phaseOf(next);
  return [phase === next.phase ? next : { ...next, phase }, commands];
}

function handle(state: RegistrationState, event: RegistrationEvent): Step {
  if (state.leaving === 'left' && event.type !== 'requested' && event.type !== 'error') return [state, []];
  switch (event.type) {
    case 'ready':
      return onReady(state, event.node, event.isLeftOver);
    case 'updated':
      return onUpdated(state, event.node);
    case 'connected':
      return onConnected(state, event.at);
    case 'disconnected':
      return onDisconnected(state, event.at, event.nextRetryAt ?? null);
    case 'answered':
      return onAnswered(state, event.call, event.answer);
    case 'failed':
      return onFailed(withError(state, event.error, event.at), event.call, event.error);
    case 'unsent':
      return onUnsent(state, event.call);
    case 'recalled':
      return onRecalled(state);
    case 'scheduled':
      return [state.waiting ? { ...state, nextRetryAt: event.nextRetryAt } : state, []];
    case 'retryDue':
      return state.waiting ? onRetryDue(state) : [state, []];
    case 'reassertDue':
      return onReassertDue(state);
    case 'gaveUp':
      return state.leaving ? onGaveUp(state) : [state, []];
    case 'requested':
      return onRequested(state, event.request);
    case 'resumed':
      return onResumed(state);
    case 'leave':
      return onLeave(state, event.atOnce ?? false);
    case 'quiet':
      return onQuiet(state);
    case 'workers':
      return [state.workers === event.count ? state : { ...state, workers: event.count }, []];
    case 'inherited':
      return onInherited(state, event);
    case 'remaining':
      return state.leaving ? onRemaining(state, event) : onCounted(state, event);
    case 'deadline':
      return state.leaving ? endLeave(state) : [state, []];
    case 'late':
      return [state, []];
    case 'lost':
    case 'error':
      return [withError(state, event.error, event.at), []];
  }
}

function onLeave(state: RegistrationState, atOnce: boolean): Step {
  if (!state.leaving) return andThen(beginLeave(state, atOnce), decide);
  return atOnce ? hurryLeave(state) : [state, []];
}

function onRetryDue(state: RegistrationState): Step {
  if (state.leaving) return onGoodbyeDue(state);
  return decide({ ...state, waiting: false, nextRetryAt: null });
}

function withError(state: RegistrationState, error: SidecarAgentError, at: number): RegistrationState {
  return { ...state, lastErrorKind: error.kind, lastError: boundedText(error.message, 512), lastErrorAt: at };
}
