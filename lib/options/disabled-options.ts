/**
 * The options of a module that is turned off: none of `SidecarAgentOptions` is needed beside it.
 * Those that are given are checked when Nest creates the application.
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRoot({ enabled: false })
 * ```
 */
export interface DisabledOptions {
  // Nothing else: TypeScript would say of options without `service` that `enabled` is missing.
  /** Turns the module off. */
  enabled: false;
}
