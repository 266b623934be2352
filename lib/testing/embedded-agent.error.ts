/**
 * The kinds of {@link EmbeddedAgentError}.
 *
 * - `invalid_options`: the constructor, {@link EmbeddedAgent.failNext} or another method was given
 *   values that it cannot use. `data.faults` lists all faults.
 * - `port_in_use`: another process, or another agent of this process, listens on the host and port.
 * - `socket_in_use`: another process listens on the Unix socket.
 * - `listen_failed`: the agent cannot listen on the host and port, or on the socket, for another
 *   reason; see `cause`.
 * - `not_started`: the URL or port was read before the agent had one.
 * - `wait_timeout`: the condition of {@link EmbeddedAgent.waitFor} did not come true in time. The
 *   message describes the state of the agent.
 */
export type EmbeddedAgentErrorKind =
  'invalid_options' | 'port_in_use' | 'socket_in_use' | 'listen_failed' | 'not_started' | 'wait_timeout';

/** The error that an {@link EmbeddedAgent} throws or rejects with. */
export class EmbeddedAgentError extends Error {
  override readonly name = 'EmbeddedAgentError';
  /** The stable identifier of the error. Compare this, not the message. */
  readonly kind: EmbeddedAgentErrorKind;
  /** The values in the message, for example `{ host, port }`. */
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
