import type { SidecarAnswer } from '../../agent/client/sidecar-client.js';
import type { Dialect } from '../../agent/protocol/dialect.js';
import type { SidecarAgentError } from '../../errors/sidecar-agent.error.js';
import type { ServiceNode } from '../../service/service-node.js';
import type { DrainOutcome } from '../drain-outcome.js';
import type { RemainingWorkers } from '../../workers/remaining-workers.js';
import type { ManualRequest } from './registration-state.js';

/** What another process says of the instance that it hands over. */
export interface Inheritance {
  /** Whether the other process has the instance id of this one. */
  readonly ofInstance: boolean;
  readonly dialect?: Dialect;
  /** Whether a register of the other process timed out and may still reach the agent. */
  readonly mayLand: boolean;
}

/** What can happen to a registration. `at` and `nextRetryAt` are milliseconds since 1970. */
export type RegistrationEvent =
  /**
   * The application is booted, its server is bound, and the node is built. `isLeftOver`: a process
   * that was killed has left the instance, so the agent may hold it.
   */
  | { readonly type: 'ready'; readonly node: ServiceNode; readonly isLeftOver?: boolean }
  /** Another node takes the place of the one before. */
  | { readonly type: 'updated'; readonly node: ServiceNode }
  /**
   * The agent sent `connected` on the event stream. `loss`: in words, if it had lost the
   * registration.
   */
  | { readonly type: 'connected'; readonly at: number; readonly loss?: string }
  /** The event stream was lost, or could not be opened. */
  | { readonly type: 'disconnected'; readonly at: number; readonly nextRetryAt?: number }
  /** The reason for the `disconnected` that follows. */
  | { readonly type: 'lost'; readonly error: SidecarAgentError; readonly at: number }
  /** The agent accepted the call with this id. */
  | { readonly type: 'answered'; readonly call: number; readonly answer: SidecarAnswer }
  /** The agent refused the call with this id, or did not answer in time. */
  | { readonly type: 'failed'; readonly call: number; readonly error: SidecarAgentError; readonly at: number }
  /**
   * The agent has not answered the register with this id for `waited` milliseconds; it stays in
   * flight up to `limit`.
   */
  | { readonly type: 'late'; readonly call: number; readonly waited: number; readonly limit: number }
  /** The call with this id was not sent, since meanwhile no register is wanted. */
  | { readonly type: 'unsent'; readonly call: number }
  /** The executor has set the timer that a `retry` command asked for. */
  | { readonly type: 'scheduled'; readonly nextRetryAt: number }
  /** That timer has run out. */
  | { readonly type: 'retryDue' }
  /** An accepted register is due again, since the agent may have lost the instance. */
  | { readonly type: 'reassertDue' }
  /** Your code asked for a drain or a deregister. */
  | { readonly type: 'requested'; readonly request: ManualRequest }
  /** Your code asked to undo its drain or deregister. */
  | { readonly type: 'resumed' }
  /**
   * The service begins to leave the mesh. With `atOnce` it deregisters without a drain, be it in
   * the middle of a leave.
   */
  | { readonly type: 'leave'; readonly atOnce?: boolean }
  /** No further try of the drain or deregister fits into the time of the leave. */
  | { readonly type: 'gaveUp' }
  /**
   * The wait that a `quiesce` command asked for is over. `outcome` tells what it showed of routers.
   */
  | { readonly type: 'quiet'; readonly outcome?: DrainOutcome }
  /** How many processes serve the port has changed; this one is included. */
  | { readonly type: 'workers'; readonly count: number }
  /** Another process on the port has drained or deregistered the instance that both register. */
  | { readonly type: 'recalled' }
  /** Another process leaves the port, and what the agent holds for it is left to this one. */
  | ({ readonly type: 'inherited' } & Inheritance)
  /** The answer to `countRemaining`, with the dialect if another process knows it. */
  | { readonly type: 'remaining'; readonly remaining: RemainingWorkers; readonly dialect?: Dialect }
  /** The time of the leave, most often `shutdownTimeout`, is over. */
  | { readonly type: 'deadline' }
  /** Any other error, for the status, the log and `onError`. */
  | { readonly type: 'error'; readonly error: SidecarAgentError; readonly at: number };
