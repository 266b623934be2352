/**
 * The application that the service belongs to. Agents refuse blank texts, and so does the module.
 */
export interface AppOptions {
  /** The id of the app in the mesh, such as `'10001'`. */
  id: string;
  /** The name of the app, such as `'auth-center'`. */
  name: string;
  /** The environment that the app runs in, such as `'prod'`. */
  env: string;
  /** The version of the app, such as `'v1.3.4'`. */
  version: string;
  /**
   * The id of this process among the instances of the app. It must be unique. If each start of the
   * process has the same id, it replaces an instance that a killed process has left on the agent.
   * @default the id that a killed process has left in `registrationFile`; otherwise a new UUID v7
   *   (RFC 9562) for each start
   */
  instanceId?: string;
  /**
   * The secret of the app. The module never sends it: the field is always empty on the wire. No
   * error and no log line shows it.
   * @default none
   */
  secret?: string;
}
