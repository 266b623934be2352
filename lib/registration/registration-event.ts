import type { SidecarAnswer } from '../agent/client/sidecar-client.js';
import type { SidecarAgentError } from '../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../service/service-node.js';
import type { Dialect } from '../agent/protocol/dialect.js';
import type { Request } from './registration-state.js';

/** What can happen to a registration. `at` is milliseconds since 1970. */
export type RegistrationEvent =
  /** The application is booted and bound, and the node is built. Said again of another node, it is an update. */
  | { readonly type: 'ready'; readonly node: ServiceNode }
  /** Another node is to be registered in place of the one before. */
  | { readonly type: 'updated'; readonly node: ServiceNode }
  /** The agent said `connected`. */
  | { readonly type: 'connected'; readonly at: number }
  /** The stream is gone, or did not come up. */
  | { readonly type: 'disconnected'; readonly at: number; readonly nextRetryAt?: number }
  /** Why the stream is gone, or did not come up. */
  | { readonly type: 'lost'; readonly error: SidecarAgentError; readonly at: number }
  | { readonly type: 'answered'; readonly call: number; readonly answer: SidecarAnswer }
  | { readonly type: 'failed'; readonly call: number; readonly error: SidecarAgentError; readonly at: number }
  /** The next try of a failed register has been set. */
  | { readonly type: 'scheduled'; readonly nextRetryAt: number }
  | { readonly type: 'retryDue' }
  | { readonly type: 'requested'; readonly request: Request }
  /** What was taken out by hand is to come back. */
  | { readonly type: 'resumed' }
  | { readonly type: 'leave' }
  /** The wait that `quiesce` began is over. */
  | { readonly type: 'quiet' }
  /** `shutdownTimeout` is over. */
  | { readonly type: 'deadline' }
  /** Something else went wrong. */
  | { readonly type: 'error'; readonly error: SidecarAgentError; readonly at: number };

/** What every call to the agent is made with. */
export interface CallDetail {
  readonly call: number;
  /** The node that is registered, or the instance that is drained or deregistered. */
  readonly node: ServiceNode;
  readonly dialect?: Dialect;
}

/** What the registration says is to be done. */
export type RegistrationCommand =
  | { readonly type: 'watch' }
  /** The register over the present stream succeeded. */
  | { readonly type: 'confirm' }
  | ({ readonly type: 'register' } & CallDetail)
  | ({ readonly type: 'drain'; readonly gracePeriod?: number } & CallDetail)
  | ({ readonly type: 'deregister' } & CallDetail)
  /** Report `retryDue` after the wait that so many failures in a row call for. */
  | { readonly type: 'retry'; readonly failures: number }
  | { readonly type: 'cancelRetry' }
  /** Keep serving, at least for `drainDelay` where said, then until no call is in flight; report `quiet`. */
  | {
      readonly type: 'quiesce';
      readonly atLeast: 'drainDelay' | 'nothing';
      /** What follows: a deregister must still fit into `shutdownTimeout`. */
      readonly before: 'deregister' | 'close';
    }
  /** A request made by hand has ended. */
  | { readonly type: 'settled'; readonly request: Request; readonly error?: SidecarAgentError }
  | { readonly type: 'left' };

/** A step of the machine: the next state and what is to be done, in order. */
export type Transition<State> = readonly [state: State, commands: readonly RegistrationCommand[]];
