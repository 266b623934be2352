import type { ServiceNode } from '../../service/service-node.js';
import { decide } from './decide.js';
import type { RegistrationState } from './registration-state.js';
import { andThen, type Step } from './step.js';

/** Handles `ready`: the first node starts the watch, and another one is an update. */
export function onReady(state: RegistrationState, node: ServiceNode, isLeftOver = false): Step {
  if (!state.enabled || state.leaving || state.node === node) return [state, []];
  if (state.node) return onUpdated(state, node);
  // The agent may hold it before the first register: then a leave must deregister it all the same.
  const held: RegistrationState = isLeftOver ? { ...state, holding: 'unconfirmed' } : state;
  return andThen([withNode(held, node), [{ type: 'watch' }]], decide);
}

/**
 * Handles `updated`: registers the node as soon as possible. Ignores it before `ready` and in a
 * leave.
 */
export function onUpdated(state: RegistrationState, node: ServiceNode): Step {
  return state.node && !state.leaving ? decide(withNode(state, node)) : [state, []];
}

/** Sets the node together with its facts, so that the status never describes another node. */
export function withNode(state: RegistrationState, node: ServiceNode): RegistrationState {
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
