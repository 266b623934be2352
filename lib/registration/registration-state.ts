import type { ServiceNode } from '../service/service-node.js';
import type { Dialect } from '../agent/protocol/dialect.js';
import { NO_FACTS, type RegistrationFacts, type RegistrationPhase } from '../status/registration-facts.js';

/** The three calls. */
export type Operation = 'register' | 'drain' | 'deregister';

/** The one call that is in flight. */
export interface PendingCall {
  readonly id: number;
  readonly operation: Operation;
  /** The connection it was made for: an answer that comes after a drop says nothing of the agent that is there now. */
  readonly connection: number;
  /** The node that it registers, or the instance that it takes out. */
  readonly node: ServiceNode;
  /** The revision of that node. */
  readonly revision: number;
}

/** A drain or deregister that was asked for by hand. */
export interface Request {
  readonly operation: 'drain' | 'deregister';
  /** Milliseconds, for a drain; the option's value where absent. */
  readonly gracePeriod?: number;
}

/**
 * What the agent holds of this instance, as far as it was heard: `unconfirmed` is a register that was sent and never
 * answered with yes; it may have landed.
 */
export type Holding = 'nothing' | 'unconfirmed' | 'registered' | 'draining';

/** The steps of leaving, in their order. */
export type LeavingStep = 'settling' | 'draining' | 'serving-on' | 'deregistering' | 'finishing' | 'left';

/** Everything the registration knows: the facts it tells, and what it decides by. */
export interface RegistrationState extends RegistrationFacts {
  readonly enabled: boolean;
  /** What the next register sends; there is something once the application is booted and bound. */
  readonly node: ServiceNode | null;
  readonly wanted: 'registered' | 'drained' | 'deregistered';
  readonly holding: Holding;
  /** Whether the agent has ever said yes. */
  readonly confirmed: boolean;
  /** Counts the connections so far. */
  readonly connection: number;
  readonly call: PendingCall | null;
  /** Counts the calls so far. */
  readonly calls: number;
  /** A `connected` came while a register was in flight: one more is due. */
  readonly again: boolean;
  /** Registers that failed in a row on this connection. */
  readonly failures: number;
  /** A failed register is waiting for its next try. */
  readonly waiting: boolean;
  /** The dialect that the agent of this connection is known to speak. */
  readonly streamDialect: Dialect | null;
  readonly requests: readonly Request[];
  readonly leaving: LeavingStep | null;
  /** The drain did not reach the agent: routers learn of the leave by the deregister alone. */
  readonly undrained: boolean;
  /** Whether leaving has a grace period at all; without one it is a deregister and nothing else. */
  readonly graceful: boolean;
}

/** What the options decide of the machine. */
export type RegistrationRules = Pick<RegistrationState, 'enabled' | 'graceful'>;

/** The state before anything has happened. */
export function initialState({ enabled, graceful }: RegistrationRules): RegistrationState {
  return {
    ...NO_FACTS,
    phase: enabled ? 'starting' : 'disabled',
    enabled,
    node: null,
    wanted: 'registered',
    holding: 'nothing',
    confirmed: false,
    connection: 0,
    call: null,
    calls: 0,
    again: false,
    failures: 0,
    waiting: false,
    streamDialect: null,
    requests: [],
    leaving: null,
    undrained: false,
    graceful,
  };
}

/** Names where a state stands. */
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
