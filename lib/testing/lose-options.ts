/** The options of {@link EmbeddedAgent.lose}. */
export interface LoseOptions {
  /**
   * Whether a deregister followed by a register makes a new instance, as with Consul 1.8. `false`:
   * only a restart of the agent helps, as with Consul 1.20. Only used in the flat dialect.
   *
   * @default true
   */
  curable?: boolean;
}
