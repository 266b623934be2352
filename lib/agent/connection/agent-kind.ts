/**
 * What the module registers with. This is the one place that decides what logs and errors call it,
 * and what differs from a sidecar-agent.
 */
export interface AgentKind {
  /** What texts call it, after "the". */
  readonly name: string;
  /** The option to check if the address may be wrong. */
  readonly addressOption: string;
  /** The option to check if the path of the Unix socket may be wrong. */
  readonly socketOption: string;
  /** What to do if it does not speak TLS. */
  readonly plainAdvice: string;
  /** What to do if TLS fails. */
  readonly tlsAdvice: string;
  /** What texts call the connection that is watched. */
  readonly stream: 'stream' | 'connection';
  /** What texts call the register. */
  readonly registerCall: string;
  /**
   * Returns the id under which it has an instance, so that processes which serve one port register
   * the same one. Absent if it speaks one of the dialects, which decides that.
   */
  readonly instanceId?: (serviceName: string, port: number) => string;
  /** What has set an option in place of your code, by its path such as `tls.caFile`. */
  readonly origins?: Readonly<Record<string, string>>;
  /** Returns what to do if it refuses a call for this reason; empty if it is unknown. */
  readonly refusalAdvice?: (statusCode: number, reason: string) => string;
  /** The greatest weight of a service that it accepts; absent if it accepts each. */
  readonly heaviest?: number;
  /** How long others list its services if it is gone, in milliseconds. */
  readonly lease: number;
}

/** The agent of a host, to which the module speaks unless its providers say otherwise. */
export const SIDECAR_AGENT: AgentKind = Object.freeze({
  name: 'sidecar-agent',
  // Older agents listen on 15010 by default, newer ones on 18600.
  addressOption: 'baseUrl (agents listen on port 15010 or 18600)',
  socketOption: 'socketPath',
  plainAdvice: 'if the agent does not use TLS, give an http:// baseUrl',
  tlsAdvice: "check the agent's certificate and the option tls",
  stream: 'stream',
  registerCall: 'POST /register',
  lease: 10_000,
});

/** Returns whether an agent speaks one of the dialects, by which it knows an instance. */
export function speaksDialect({ instanceId }: AgentKind): boolean {
  return instanceId === undefined;
}
