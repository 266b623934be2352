import type { IncomingHttpHeaders } from 'node:http';

/** A request that the agent received. It is a snapshot: the answer makes a new object. */
export interface AgentRequest {
  /** `GET`, `POST`, … */
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  /** The headers, with names in lower case. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The body byte for byte, decoded as UTF-8; empty if there was none or it was over 8 MiB. */
  readonly rawBody: string;
  /** The body parsed as JSON, `undefined` if it is not JSON. */
  readonly body: unknown;
  /** When the agent had received the whole request. */
  readonly at: Date;
  /** The status of the answer, `undefined` until there is one: see {@link EmbeddedAgent.hang}. */
  readonly status: number | undefined;
}
