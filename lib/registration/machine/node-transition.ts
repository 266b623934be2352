import type { ServiceNode } from '../../service/service-node.js';
import { decide } from './decide.js';
import type { RegistrationState } from './registration-state.js';
import { andThen, type Step } from './step.js';

/**
 * The first node starts the watch. A second one is an update, and the same one again changes
 * nothing.
 */
export function onReady(state: RegistrationState, node: ServiceNode): Step {
  if (!state.enabled || state.leaving || state.node === node) return [state, []];
  if (state.node) return onUpdated(state, node);
  return andThen([withNode(state, node), [{ type: 'watch' }]], decide);
}

/** Another node is registered as soon as possible. Before `ready` and in a leave it is ignored. */
export function onUpdated(state: RegistrationState, node: ServiceNode): Step {
  return state.node && !state.leaving ? decide(withNode(state, node)) : [state, []];
}

/** Sets the node together with its facts, so that the status never describes another node. */
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
