import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import { type AgentKind, SIDECAR_AGENT } from './agent-kind.js';

/** The options of `tls.connect` that connections to the agent take as Node does. */
type NodeTlsOptions = Pick<
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

/**
 * The TLS options of the connections to the agent. Most have the meaning that Node gives them.
 * `caFile`, `certFile` and `keyFile` are paths in place of values.
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRoot({
 *   ...options,
 *   baseUrl: 'https://agent:15443',
 *   tls: { caFile: '/tls/ca.crt', certFile: '/tls/tls.crt', keyFile: '/tls/tls.key' },
 * })
 * ```
 *
 * @see https://nodejs.org/api/tls.html#tlsconnectoptions-callback
 * @see https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions
 */
export interface TlsOptions extends NodeTlsOptions {
  /**
   * Checks whether the certificate is that of the agent's host. It returns an error if not. If it
   * throws, or returns anything else, the connection fails and the module tries again.
   * @default the check of Node
   */
  checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
  /**
   * The path of a PEM file with the CAs to trust, in place of `ca`. The module reads it again for
   * each connection, so that a renewed file is used without a restart. If it cannot be read, the
   * connection fails and the module tries again.
   * @default none
   */
  caFile?: string;
  /**
   * The path of a PEM file with the client certificate, in place of `cert`. The module reads it
   * again for each connection. It needs `keyFile` or `key`.
   * @default none
   */
  certFile?: string;
  /**
   * The path of a PEM file with the private key of the client certificate, in place of `key`. The
   * module reads it again for each connection. It needs `certFile` or `cert`.
   * @default none
   */
  keyFile?: string;
}

/** The values of headers by name. */
export type HeaderValues = Readonly<Record<string, string>>;

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
  /** Headers of every request, or a function that is asked for them. Their values are secrets. */
  readonly headers: HeaderValues | (() => HeaderValues | Promise<HeaderValues>);
  readonly tls?: TlsOptions;
  /** What listens there; absent for a sidecar-agent. */
  readonly kind?: AgentKind;
}

/** Returns what listens at an endpoint. */
export function agentKindOf({ kind = SIDECAR_AGENT }: AgentEndpoint): AgentKind {
  return kind;
}

/** Returns the address of the agent as logs and errors show it. */
export function addressOf(endpoint: AgentEndpoint): string {
  return endpoint.socketPath ?? endpoint.origin;
}

/** Returns the agent and its address, as the subject of an error message. */
export function agentAt(endpoint: AgentEndpoint): string {
  return `the ${agentKindOf(endpoint).name} at ${addressOf(endpoint)}`;
}

/** Returns what to do if the agent refuses a call; empty if it is unknown. */
export function refusalAdvice(endpoint: AgentEndpoint, statusCode: number, reason: string): string {
  return agentKindOf(endpoint).refusalAdvice?.(statusCode, reason) ?? '';
}

/** Returns the option to check if the address may be wrong, for an error message. */
export function addressOption(endpoint: AgentEndpoint): string {
  const { addressOption, socketOption } = agentKindOf(endpoint);
  return endpoint.socketPath ? socketOption : addressOption;
}
