/** The options of {@link serveAgentPage}. */
export interface AgentPageOptions {
  /**
   * Whether the page may let the agent fail: drop streams, be silent, lose a service, refuse or
   * delay a call, restart. Every program of the host can then do so.
   *
   * @default false
   */
  chaos?: boolean;
}
