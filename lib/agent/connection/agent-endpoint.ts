import type { ConnectionOptions } from 'node:tls';

/**
 * The TLS options of the connections to the agent. They have the meaning that Node gives them.
 *
 * @see https://nodejs.org/api/tls.html#tlsconnectoptions-callback
 * @see https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions
 */
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

/** The address of the agent and what a connection to it needs. */
export interface AgentEndpoint {
  /** `http://host:port`. Headers and TLS options are for this origin alone. */
  readonly origin: string;
  /**
   * Stands before `/register`, `/drain` and `/deregister`: empty, or a path that does not end in
   * `/`.
   */
  readonly basePath: string;
  /** The path and query of the event stream. */
  readonly watchPath: string;
  /** The path of a Unix socket that replaces TCP. */
  readonly socketPath?: string;
  /** Headers of every request. Their values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsOptions;
}

/** Returns the address of the agent as logs and errors show it. */
export function addressOf(endpoint: AgentEndpoint): string {
  return endpoint.socketPath ? `${endpoint.origin} (socket ${endpoint.socketPath})` : endpoint.origin;
}

/** Returns the agent and its address, as the subject of an error message. */
export function agentAt(endpoint: AgentEndpoint): string {
  return `the sidecar-agent at ${addressOf(endpoint)}`;
}

/** Returns the option to check if the address may be wrong, for an error message. */
export function addressOption(endpoint: AgentEndpoint): string {
  // Older agents listen on 15010 by default, newer ones on 18600.
  return endpoint.socketPath ? 'socketPath' : 'baseUrl (agents listen on port 15010 or 18600)';
}
