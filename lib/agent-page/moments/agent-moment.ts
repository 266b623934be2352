import type { Advice, RouteDifference } from '../routes/route-difference.js';

/**
 * What happened to an agent.
 *
 * - `started`, `stopped`: the agent itself
 * - `registered`: the agent holds a new instance
 * - `again`: the agent accepted one more register of an instance that it holds
 * - `serving`, `draining`, `deregistered`: an instance entered this state
 * - `lost`: the registry behind the agent has lost an instance, without a call of the service
 * - `stream-opened`, `stream-closed`: an event stream of a service
 * - `refused`: the agent did not do what a request asked for
 * - `other-dialect`: the agent does not speak the dialect of a request; the module repeats the call
 *   in the other one, so that nothing is wrong
 * - `chaos`: someone at the page let the agent fail
 * - `failed`: the agent could not start again
 */
export type MomentEvent =
  | 'started'
  | 'stopped'
  | 'registered'
  | 'again'
  | 'serving'
  | 'draining'
  | 'deregistered'
  | 'lost'
  | 'stream-opened'
  | 'stream-closed'
  | 'refused'
  | 'other-dialect'
  | 'chaos'
  | 'failed';

/** One thing that happened to an agent. It has no header and no body of a request. */
export interface AgentMoment {
  readonly event: MomentEvent;
  /** When, in ISO 8601. */
  readonly at: string;
  /** What happened, without the word for the event: `auth on port 10500`. */
  readonly text: string;
  /** More of it: `dialect node, v1.3.4, weight 100, 3 methods`. */
  readonly detail?: string;
  /** The name of the service, if a request or an instance names one. */
  readonly service?: string;
  /** The port that the service listens on. */
  readonly port?: number;
  readonly instanceId?: string;
  /** The number of event streams that are open now. */
  readonly streams?: number;
  readonly refusal?: Refusal;
}

/** Why an agent refused a request, and what to do about it. */
export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The words of the answer. */
  readonly reason: string;
  readonly advice?: Advice;
  /** How the register differs from the routes that the service has published. */
  readonly differences?: readonly RouteDifference[];
  /** Whether the client repeats the call in the other dialect, so that nothing is wrong. */
  readonly isProbe?: boolean;
  /** Whether the client does not repeat the call, so that the refusal stays true. */
  readonly isFinal?: boolean;
}
