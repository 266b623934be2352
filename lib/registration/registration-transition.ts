import { boundedText } from '../support/text/bounded-text.js';
import type { ServiceNode } from '../service/service-node.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import { answered, failed } from './answer-transition.js';
import { decide } from './decide-transition.js';
import { beginLeave, endLeave, quieted } from './leave-transition.js';
import type { RegistrationEvent } from './registration-event.js';
import { phaseOf, type RegistrationState } from './registration-state.js';
import { requested, resumed } from './request-transition.js';
import { andThen, type Step } from './step.js';

/**
 * The registration as a pure function. There is never more than one call in flight, no register after a leave has begun,
 * and `registered` is true only while the agent's last word on the present stream was yes.
 */
export function transition(state: RegistrationState, event: RegistrationEvent): Step {
  const [next, commands] = step(state, event);
  const phase = phaseOf(next);
  return [phase === next.phase ? next : { ...next, phase }, commands];
}

function step(state: RegistrationState, event: RegistrationEvent): Step {
  if (state.leaving === 'left' && event.type !== 'requested' && event.type !== 'error') return [state, []];
  switch (event.type) {
    case 'ready':
      if (!state.enabled || state.leaving) return [state, []];
      if (state.node === event.node) return [state, []];
      if (state.node) return updated(state, event.node);
      return andThen([withNode(state, event.node), [{ type: 'watch' }]], decide);
    case 'updated':
      return state.node && !state.leaving ? updated(state, event.node) : [state, []];
    case 'connected':
      return connected(state, event.at);
    case 'disconnected':
      return disconnected(state, event.at, event.nextRetryAt ?? null);
    case 'answered':
      return answered(state, event.call, event.answer);
    case 'failed':
      return failed(withError(state, event.error, event.at), event.call, event.error);
    case 'scheduled':
      return [state.waiting ? { ...state, nextRetryAt: event.nextRetryAt } : state, []];
    case 'retryDue':
      return state.waiting ? decide({ ...state, waiting: false, nextRetryAt: null }) : [state, []];
    case 'requested':
      return requested(state, event.request);
    case 'resumed':
      return resumed(state);
    case 'leave':
      return state.leaving ? [state, []] : andThen(beginLeave(state), decide);
    case 'quiet':
      return quieted(state);
    case 'deadline':
      return state.leaving ? endLeave(state) : [state, []];
    case 'lost':
    case 'error':
      return [withError(state, event.error, event.at), []];
  }
}

function updated(state: RegistrationState, node: ServiceNode): Step {
  return decide(withNode(state, node));
}

/** What the status tells of a node is set with it, so that it never tells of another than is sent. */
function withNode(state: RegistrationState, node: ServiceNode): RegistrationState {
  return {
    ...state,
    node,
    instanceId: state.instanceId ?? node.app.instanceId,
    weight: node.service.weight,
    methodCount: node.methods.length,
    httpRouteCount: node.httpRoutes.length,
    revision: state.revision + 1,
  };
}

function connected(state: RegistrationState, at: number): Step {
  if (state.connected) {
    // Said again on the same stream: one more register, but none ahead of a wait that a failure called for.
    const isDue = !state.waiting && state.wanted === 'registered';
    return isDue ? decide({ ...state, again: true }) : [state, []];
  }
  const fresh: RegistrationState = {
    ...state,
    connected: true,
    connection: state.connection + 1,
    lastConnectedAt: at,
    nextRetryAt: null,
    failures: 0,
    again: false,
  };
  return decide(fresh);
}

function disconnected(state: RegistrationState, at: number, nextRetryAt: number | null): Step {
  const lost = { ...state, nextRetryAt: state.leaving ? null : nextRetryAt };
  if (!state.connected) return [lost, []];
  const dropped: RegistrationState = {
    ...lost,
    connected: false,
    registered: false,
    streamDialect: null,
    again: false,
    waiting: false,
    lastDisconnectedAt: at,
    disconnectCount: state.disconnectCount + 1,
  };
  return [dropped, state.waiting ? [{ type: 'cancelRetry' }] : []];
}

function withError(state: RegistrationState, error: SidecarAgentError, at: number): RegistrationState {
  return { ...state, lastErrorKind: error.kind, lastError: boundedText(error.message, 512), lastErrorAt: at };
}
