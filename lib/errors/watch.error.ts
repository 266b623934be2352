import { SidecarAgentError } from './sidecar-agent.error.js';
import type { SidecarErrorKind } from './sidecar-error-kind.js';

/** The kinds of error that end the event stream. */
export type WatchErrorKind = Extract<SidecarErrorKind, `watch_${string}`>;

/** The answer or the event that ended the stream. A field that does not apply is absent. */
export interface WatchErrorDetail {
  /** The HTTP status of the answer, for `watch_http_status` and `watch_content_type`. */
  readonly statusCode?: number;
  /**
   * The milliseconds that the agent asks to wait before the next try: the `Retry-After` of a 429 or
   * 503. Of them the watch loop waits 60,000 at most.
   */
  readonly retryAfter?: number;
  /** The type of the event, for `watch_event_parse` and for a `disconnected` event of the agent. */
  readonly eventType?: string;
  /** The id of that event. */
  readonly eventId?: string;
  /** The beginning of its data, cut to a bounded length and without control characters. */
  readonly payload?: string;
}

/**
 * The event stream could not be opened, or has ended. The watch loop reports it to `onError`, the
 * status and its `disconnected` event, and reconnects, whatever the kind. {@link SidecarErrorKind}
 * says what to do about each.
 */
export class WatchError extends SidecarAgentError {
  override readonly name = 'WatchError';

  /**
   * @param kind why the stream ended
   * @param detail the answer or the event that ended it; empty by default
   */
  constructor(
    override readonly kind: WatchErrorKind,
    message: string,
    readonly detail: WatchErrorDetail = {},
    options?: ErrorOptions,
  ) {
    super(kind, message, options);
  }
}
