import type { AgentInstance } from '../agent-instance.js';
import type { RefusedRequestErrorKind } from './refused-request.error.js';

/** An HTTP response, before it is sent. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The instance that a call was about, if the agent accepted the call. It is not sent. */
  readonly instance?: AgentInstance;
  /** Why the agent refused the call. It is not sent. */
  readonly refusedBecause?: RefusalCause;
}

/** Why an agent refused a call; `other_dialect` and `scripted` come before its content. */
export type RefusalCause = RefusedRequestErrorKind | 'other_dialect' | 'scripted';

export function jsonAnswer(status: number, value: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

export function textAnswer(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: text };
}
