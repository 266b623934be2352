/**
 * What went wrong with an embedded agent.
 *
 * - `invalid_options`: the constructor, {@link EmbeddedAgent.failNext} or another call was given a value it cannot use;
 *   `data.faults` names each.
 * - `port_in_use`: another process, or another agent of this one, listens on that host and port.
 * - `listen_failed`: the host and port cannot be listened on for another reason; see `cause`.
 * - `not_started`: a URL or port was asked for before there was one.
 * - `wait_timeout`: a condition did not come true in time; `data` says what the agent saw instead.
 */
export type EmbeddedAgentErrorKind =
  'invalid_options' | 'port_in_use' | 'listen_failed' | 'not_started' | 'wait_timeout';

/** The one error an {@link EmbeddedAgent} throws or rejects with. */
export class EmbeddedAgentError extends Error {
  override readonly name = 'EmbeddedAgentError';
  /** What went wrong, stable: branch on this, not on the message. */
  readonly kind: EmbeddedAgentErrorKind;
  /** What the message is about, for instance `{ host, port }`. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    kind: EmbeddedAgentErrorKind,
    message: string,
    data: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.data = data;
  }
}
