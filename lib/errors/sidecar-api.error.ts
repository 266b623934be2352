import { SidecarAgentError } from './sidecar-agent.error.js';

/** How the agent refused a call. */
export interface SidecarApiFailure {
  /** The HTTP method of the call: `POST`; `PUT` at Consul. */
  readonly method: string;
  /** The path of the call, without a query: `/register`; with its base path at Consul. */
  readonly path: string;
  /** The HTTP status of the answer. */
  readonly statusCode: number;
  /**
   * The agent's code, such as `register_failed`. It is empty if the answer has none. At Consul it
   * is `unknown_service` if Consul does not hold what the call is about.
   */
  readonly code: string;
  /**
   * The agent's message, cut to a bounded length and without control characters. It is empty if the
   * answer has none.
   */
  readonly reason: string;
  /**
   * The milliseconds that the agent asks to wait before the next try: the `Retry-After` of a 429 or
   * 503. Before it registers again on the same stream, the module waits so long, 60,000 at most.
   */
  readonly retryAfter?: number;
}

/**
 * The agent refused a call: it answered with a status outside 2xx, a redirect included, or with
 * `"success": false`. The client throws it; a refused register is the `cause` of a
 * `RegisterReplayError`. Its kind is `sidecar_api`; `code` and `reason` say why.
 */
export class SidecarApiError extends SidecarAgentError implements SidecarApiFailure {
  override readonly name = 'SidecarApiError';
  /** The HTTP method of the call: `POST`; `PUT` at Consul. */
  readonly method: string;
  /** The path of the call, without a query: `/register`; with its base path at Consul. */
  readonly path: string;
  /** The HTTP status of the answer. */
  readonly statusCode: number;
  /** The agent's code, such as `register_failed`, or empty. */
  readonly code: string;
  /** The agent's message, cut to a bounded length and without control characters, or empty. */
  readonly reason: string;
  /** The milliseconds that the agent asks to wait before the next try, if it does. */
  readonly retryAfter?: number;

  /** @param advice what to do, for the message */
  constructor(failure: SidecarApiFailure, advice = '') {
    const code = failure.code && ` ${failure.code}`;
    const words = [failure.reason, advice].filter(Boolean).join('; ');
    const answer = `${failure.method} ${failure.path} answered ${failure.statusCode}${code}`;
    super('sidecar_api', words ? `${answer}: ${words}` : answer);
    this.method = failure.method;
    this.path = failure.path;
    this.statusCode = failure.statusCode;
    this.code = failure.code;
    this.reason = failure.reason;
    this.retryAfter = failure.retryAfter;
  }
}
