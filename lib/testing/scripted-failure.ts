/** The answer that {@link EmbeddedAgent.failNext} scripts. */
export interface ScriptedFailure {
  /** The HTTP status, 200 to 599. A 200 with `body: { success: false }` is a failure too. */
  status: number;
  /**
   * The body: a string is sent unchanged, an object as JSON.
   *
   * @default an error in the dialect of the request
   */
  body?: string | object;
  /**
   * Headers, for example a `location` for a redirect, or another `content-type`. Names in lower
   * case.
   *
   * @default {}
   */
  headers?: Record<string, string>;
  /**
   * The number of requests that get this answer, 1 or more.
   *
   * @default 1
   */
  times?: number;
  /**
   * Whether the agent performs the register, drain or deregister before it sends this answer, like
   * an agent that fails halfway.
   *
   * @default false
   */
  landed?: boolean;
}
