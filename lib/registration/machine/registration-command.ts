import type { Dialect } from '../../agent/protocol/dialect.js';
import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../../service/service-node.js';
import type { ManualRequest } from './registration-state.js';

/** What each call to the agent needs. */
export interface CallDetail {
  /** The id that `answered` or `failed` must repeat. */
  readonly call: number;
  /** The node to register, or the instance to drain or deregister. */
  readonly node: ServiceNode;
  /** The dialect that the agent is known to speak. */
  readonly dialect?: Dialect;
}

/**
 * Why the repeats of a call may be in vain: nothing listens at the agent's address, or the agent
 * refuses the credentials.
 */
export type Hopelessness = 'agent gone' | 'credentials refused';

/** What the machine asks the executor to do. */
export type RegistrationCommand =
  /** Open the event stream and keep it open. */
  | { readonly type: 'watch' }
  /**
   * Tell the watch that a register succeeded on the current stream, and report `reassertDue` after
   * `reassertInterval`, in place of an earlier wait.
   */
  | { readonly type: 'confirm' }
  /**
   * `isReplay` if the agent has accepted just this on the current stream. Replays keep a distance,
   * whatever the agent says. `undoesDrain` if the agent may hold the instance as draining.
   */
  | ({ readonly type: 'register'; readonly isReplay: boolean; readonly undoesDrain?: true } & CallDetail)
  /** `gracePeriod` in milliseconds; the option's value if absent, as in a leave. */
  | ({ readonly type: 'drain'; readonly gracePeriod?: number } & CallDetail)
  | ({ readonly type: 'deregister' } & CallDetail)
  /**
   * Report `retryDue` after the backoff for this number of failures in a row, but not before the
   * `asked` milliseconds that the agent asks to wait.
   */
  | { readonly type: 'retry'; readonly failures: number; readonly asked?: number }
  /**
   * Report `retryDue` after the backoff for this number of failures in a row, or `gaveUp` if a
   * further try of the drain or deregister does not fit into the leave.
   */
  | {
      readonly type: 'retryGoodbye';
      readonly failures: number;
      readonly operation: 'drain' | 'deregister';
      readonly hopeless?: Hopelessness;
    }
  | { readonly type: 'cancelRetry' }
  /** Wait until no call is in flight, and report `quiet`. */
  | {
      readonly type: 'quiesce';
      /** The shortest wait. */
      readonly atLeast: 'drainDelay' | 'nothing';
      /** What follows: a deregister must still fit into `shutdownTimeout`. */
      readonly before: 'deregister' | 'close';
    }
  /**
   * Leave the instance to the processes that go on serving the port, and report them by
   * `remaining`. In a leave, stop to be one of them first.
   */
  | { readonly type: 'countRemaining' }
  /** Settle the promise of a manual drain or deregister. */
  | { readonly type: 'settled'; readonly request: ManualRequest; readonly error?: SidecarAgentError }
  /** Stop everything: the service has left the mesh. */
  | { readonly type: 'left' };
