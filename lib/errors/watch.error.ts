import { SidecarAgentError } from './sidecar-agent.error.js';
import type { SidecarErrorKind } from './sidecar-error-kind.js';

/** The kinds of error that end a watch stream. */
export type WatchErrorKind = Extract<SidecarErrorKind, `watch_${string}`>;

/** What is known about the frame or answer that ended the stream. */
export interface WatchErrorDetail {
  /** The status of the answer, for `watch_http_status` and `watch_content_type`. */
  readonly statusCode?: number;
  /** The type of the event that could not be read, for `watch_event_parse`. */
  readonly eventType?: string;
  /** The id of that event. */
  readonly eventId?: string;
  /** The beginning of its data, bounded and free of control characters. */
  readonly payload?: string;
}

/** The watch stream could not be opened or has ended. The loop reconnects, whatever the kind. */
export class WatchError extends SidecarAgentError {
  override readonly name = 'WatchError';

  constructor(
    override readonly kind: WatchErrorKind,
    message: string,
    readonly detail: WatchErrorDetail = {},
    options?: ErrorOptions,
  ) {
    super(kind, message, options);
  }
}
