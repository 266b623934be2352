import type { ConnectionOptions } from 'node:tls';

/** The settings of a TLS connection that may be given, with Node's meaning. */
export type TlsOptions = Pick<
  ConnectionOptions,
  | 'ca'
  | 'cert'
  | 'key'
  | 'passphrase'
  | 'pfx'
  | 'servername'
  | 'rejectUnauthorized'
  | 'minVersion'
  | 'maxVersion'
>;

/** Where the agent is and how it is reached. */
export interface AgentEndpoint {
  /** `http://host:port`, the one origin that headers and TLS settings are meant for. */
  readonly origin: string;
  /** What goes before `/register`, `/drain` and `/deregister`: empty, or a path without a slash at its end. */
  readonly basePath: string;
  /** The path, and query, of the event stream. */
  readonly watchPath: string;
  readonly socketPath?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsOptions;
}

/** Where the agent is, as a reader of an error would name it. */
export function addressOf(endpoint: AgentEndpoint): string {
  return endpoint.socketPath ? `${endpoint.origin} (socket ${endpoint.socketPath})` : endpoint.origin;
}
