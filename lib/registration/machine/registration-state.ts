import type { Dialect } from '../../agent/protocol/dialect.js';
import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../../service/service-node.js';
import { NO_FACTS, type RegistrationFacts } from '../../status/registration-facts.js';
import type { RegistrationPhase } from '../../status/registration-phase.js';
import type { RemainingWorkers } from '../../workers/remaining-workers.js';

/** The three calls to the agent. */
export type Operation = 'register' | 'drain' | 'deregister';

/** The call that is in flight. */
export interface PendingCall {
  readonly id: number;
  readonly operation: Operation;
  /** The connection the call was made on: a later answer says nothing about the next agent. */
  readonly connection: number;
  /** The node to register, or the instance to drain or deregister. */
  readonly node: ServiceNode;
  /** The revision of that node. */
  readonly revision: number;
  /** Whether it is a register that undoes every drain of the instance so far. */
  readonly undoesDrain: boolean;
}

/** A drain or deregister that your code asked for, not the shutdown. */
export interface ManualRequest {
  readonly operation: 'drain' | 'deregister';
  /** In milliseconds, for a drain; the option's value if absent. */
  readonly gracePeriod?: number;
}

/**
 * What the agent holds of this instance, as far as its answers tell. `unconfirmed`: a register was
 * sent and not accepted, but it may have reached the agent all the same; or an earlier process was
 * killed and has left the instance.
 */
export type Holding = 'nothing' | 'unconfirmed' | 'registered' | 'draining';

/**
 * The steps of leaving the mesh, in order.
 *
 * - `settling`: waits for the call that was in flight when the leave began
 * - `draining`: the first try of the drain is in flight
 * - `serving-on`: the server still answers, until routers have stopped sending calls; a drain that
 *   failed is repeated meanwhile
 * - `deregistering`: the deregister is in flight, or waits for its next try
 * - `finishing`: waits for the last calls
 * - `left`: done; nothing is sent any more
 */
export type LeavingStep = 'settling' | 'draining' | 'serving-on' | 'deregistering' | 'finishing' | 'left';

/** Everything the registration knows: the facts of the status, and what only the machine needs. */
export interface RegistrationState extends RegistrationFacts {
  /** The option `enabled`: if false, there is never a call. */
  readonly enabled: boolean;
  /** Whether a leave has a grace period. Without one it is a deregister and nothing else. */
  readonly graceful: boolean;
  /** The dialect that the option `dialect` names; `null` for `'auto'`. */
  readonly chosenDialect: Dialect | null;
  /** Whether the agent speaks a dialect. One that does not knows an instance by its port. */
  readonly hasDialects: boolean;
  /** The node that the next register sends; `null` until the application is booted and bound. */
  readonly node: ServiceNode | null;
  /** What your code wants: manual requests change it, and `resumed` changes it back. */
  readonly wanted: 'registered' | 'drained' | 'deregistered';
  /** Manual requests that are not settled yet, oldest first. */
  readonly requests: readonly ManualRequest[];
  readonly leaving: LeavingStep | null;
  /**
   * The processes that still serve the port when this one leaves; `asked` until they are counted,
   * in a leave or for a manual request.
   */
  readonly remaining: RemainingWorkers | 'asked' | null;
  /** Whether the leave is a deregister without a drain, since the process is about to end. */
  readonly atOnce: boolean;
  readonly holding: Holding;
  /** Whether the agent has ever accepted a register. */
  readonly confirmed: boolean;
  /** The node of the last register that the agent accepted. */
  readonly acceptedNode: ServiceNode | null;
  /** The last change that the agent refused, so that it was rolled back. */
  readonly refusal: { readonly revision: number; readonly error: SidecarAgentError } | null;
  /** Whether a deregister was tried against a lost lease, since the last accepted register. */
  readonly cured: boolean;
  /**
   * Whether the agent may hold the instance as draining though that is not wanted: a drain of this
   * process that has been undone, or one of another process on the port.
   */
  readonly drainInDoubt: boolean;
  /** The last manual drain or deregister, until `resumed`. */
  readonly asked: ManualRequest | null;
  /** Whether another client of the agent has drained the instance, so that it is left alone. */
  readonly drainedElsewhere: boolean;
  /** The number of the current or last connection, counted from 1. */
  readonly connection: number;
  /** The dialect that the agent on the current connection is known to speak. */
  readonly streamDialect: Dialect | null;
  readonly call: PendingCall | null;
  /** How many calls were started; the id of the latest one. */
  readonly callCount: number;
  /** Whether `connected` was repeated, so that one more register is due. */
  readonly replayDue: boolean;
  /**
   * Whether a register timed out and may still reach the agent, after the answer to a later call.
   */
  readonly mayLand: boolean;
  /**
   * How many tries failed in a row on the current connection, or in the current step of a leave.
   */
  readonly failures: number;
  /** Whether the next try waits for `retryDue`. */
  readonly waiting: boolean;
  /** Whether the agent has not accepted the drain of the leave, so far. */
  readonly drainFailed: boolean;
  /** Why the last try of the leave's drain or deregister failed; `null` if it did not. */
  readonly goodbyeError: SidecarAgentError | null;
}

/** The part of the state that the options decide. */
export type RegistrationRules = Pick<RegistrationState, 'enabled' | 'graceful'> &
  Partial<Pick<RegistrationState, 'chosenDialect' | 'hasDialects'>>;

/** Returns the state before the first event. */
export function initialState({
  enabled,
  graceful,
  chosenDialect = null,
  hasDialects = true,
}: RegistrationRules): RegistrationState {
  return {
    ...NO_FACTS,
    phase: enabled ? 'starting' : 'disabled',
    enabled,
    graceful,
    chosenDialect,
    hasDialects,
    node: null,
    wanted: 'registered',
    requests: [],
    leaving: null,
    remaining: null,
    atOnce: false,
    holding: 'nothing',
    confirmed: false,
    acceptedNode: null,
    refusal: null,
    cured: false,
    drainInDoubt: false,
    asked: null,
    drainedElsewhere: false,
    connection: 0,
    streamDialect: null,
    call: null,
    callCount: 0,
    replayDue: false,
    mayLand: false,
    failures: 0,
    waiting: false,
    drainFailed: false,
    goodbyeError: null,
  };
}

/** Returns the dialect of the agent, from its answers or from the option. */
export function dialectOf({ dialect, chosenDialect }: RegistrationState): Dialect | null {
  return dialect ?? chosenDialect;
}

/** Returns the other processes that serve the port, as far as this one has counted them. */
export function othersOf({ remaining }: RegistrationState): RemainingWorkers {
  return remaining === 'asked' || !remaining ? { onPort: 0, ofInstance: 0 } : remaining;
}

/** Returns the phase that the status shows for a state. */
export function phaseOf(state: RegistrationState): RegistrationPhase {
  switch (state.leaving) {
    case 'left':
      return 'stopped';
    case 'settling':
    case 'draining':
    case 'serving-on':
      return 'draining';
    case 'deregistering':
    case 'finishing':
      return 'deregistering';
    case null:
      break;
  }
  if (!state.enabled) return 'disabled';
  if (state.wanted === 'drained') return 'draining';
  if (state.wanted === 'deregistered') return state.holding === 'nothing' ? 'deregistered' : 'deregistering';
  if (!state.node) return 'starting';
  if (!state.connected) return 'connecting';
  return state.registered ? 'registered' : 'registering';
}
