/**
 * The options of a module that is turned off: it needs no other option of `SidecarAgentOptions`.
 * The module checks the options that you give when Nest creates the application. If you give `app`
 * or `service`, TypeScript requires all of their required fields; the check at run time does not.
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRoot({ enabled: false })
 * ```
 */
export interface DisabledOptions {
  // Nothing else: with parts of `app` and `service` here, an editor shows no text of their fields.
  /** Turns the module off. */
  enabled: false;
}
