/** The option that says where the registration is kept. */
export interface RegistrationFileOptions {
  /**
   * The path of a file in which the module keeps its registration, until the agent has accepted the
   * deregister. If the process is killed, the next start continues the same instance, and the
   * commands `deregister` and `run` can deregister it. Give each process a file of its own, in a
   * directory that a restart keeps. The environment variable `SIDECAR_AGENT_REGISTRATION_FILE`
   * overrides it.
   * @default none
   */
  registrationFile?: string;
}
