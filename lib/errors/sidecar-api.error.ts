import { SidecarAgentError } from './sidecar-agent.error.js';

/** Where and how the agent refused a call. */
export interface SidecarApiFailure {
  /** The HTTP method, `POST`. */
  readonly method: string;
  /** The path of the call, `/register`. */
  readonly path: string;
  /** The HTTP status of the answer. */
  readonly statusCode: number;
  /** The agent's own code, such as `register_failed`; empty where the answer has none. */
  readonly code: string;
  /** The agent's own words, bounded and free of control characters; empty where the answer has none. */
  readonly reason: string;
}

/** The agent answered, and the answer was no: a status outside 2xx, a redirect, or `"success": false`. */
export class SidecarApiError extends SidecarAgentError implements SidecarApiFailure {
  override readonly name = 'SidecarApiError';
  readonly method: string;
  readonly path: string;
  readonly statusCode: number;
  readonly code: string;
  readonly reason: string;

  constructor(failure: SidecarApiFailure) {
    const code = failure.code && ` ${failure.code}`;
    const reason = failure.reason && `: ${failure.reason}`;
    super('sidecar_api', `${failure.method} ${failure.path} answered ${failure.statusCode}${code}${reason}`);
    this.method = failure.method;
    this.path = failure.path;
    this.statusCode = failure.statusCode;
    this.code = failure.code;
    this.reason = failure.reason;
  }
}
