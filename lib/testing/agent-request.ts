import type { IncomingHttpHeaders } from 'node:http';

/** A request as the agent received it: a snapshot that does not change any more. */
export interface AgentRequest {
  /** `GET`, `POST`, … */
  readonly method: string;
  /** The path without its query. */
  readonly path: string;
  /** The headers, names in lower case. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The body byte for byte, read as UTF-8; empty where there was none, or where it was refused for its size. */
  readonly rawBody: string;
  /** The body parsed as JSON, `undefined` where it is none. */
  readonly body: unknown;
  /** When its last byte had come. */
  readonly at: Date;
  /** What the agent answered, `undefined` as long as it has not: see {@link EmbeddedAgent.hang}. */
  readonly status: number | undefined;
}
