import { isLostLease } from '../../agent/protocol/lost-lease.js';
import { isRouteConflict } from '../../agent/protocol/route-conflict.js';
import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import { SidecarApiError } from '../../errors/sidecar-api.error.js';
import { decide } from './decide.js';
import { withNode } from './node-transition.js';
import type { PendingCall, RegistrationState } from './registration-state.js';
import { startCall } from './start-call.js';
import type { Step } from './step.js';

/**
 * Decides what follows a register that failed. Most often that is the same register, after a wait.
 *
 * @param isCurrent whether the register was sent on the stream that is open now
 */
export function onRefused(
  state: RegistrationState,
  call: PendingCall,
  error: SidecarAgentError,
  isCurrent: boolean,
): Step {
  const { cause } = error;
  const isWanted = !state.leaving && state.wanted === 'registered';
  if (isWanted && isRouteConflict(cause) && isChange(state, call)) return rollBack(state, call, error);
  // Once only: over a newer Consul nothing that a client sends brings the lease back.
  if (isWanted && isCurrent && isLostLease(cause) && !state.cured) {
    return startCall({ ...state, cured: true }, 'deregister');
  }
  const asked = cause instanceof SidecarApiError ? cause.retryAfter : undefined;
  return isCurrent ? retry(state, asked) : decide(state);
}

/**
 * Waits before the next try, if a register is still wanted.
 *
 * @param asked the milliseconds that the agent asks to wait at least
 */
export function retry(state: RegistrationState, asked?: number): Step {
  if (state.leaving || state.wanted !== 'registered') return decide(state);
  return [{ ...state, waiting: true }, [{ type: 'retry', failures: state.failures, asked }]];
}

/** Returns whether a register was to change what the agent had accepted. */
function isChange({ acceptedNode }: RegistrationState, call: PendingCall): boolean {
  return acceptedNode !== null && acceptedNode !== call.node;
}

/**
 * Registers the last accepted node again: the agent has taken it out before it refused the change,
 * and would refuse the change at each repetition. A newer change is tried first.
 */
function rollBack(state: RegistrationState, { node, revision }: PendingCall, error: SidecarAgentError): Step {
  const refused: RegistrationState = { ...state, refusal: { revision, error } };
  if (!state.acceptedNode || state.node !== node) return decide(refused);
  return decide({ ...withNode(refused, state.acceptedNode), failures: 0 });
}
