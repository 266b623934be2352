import { SidecarAgentError } from '../errors/sidecar-agent.error.js';

/** Why the command line tool ends with an exit code other than 0. */
export class CliError extends SidecarAgentError {
  override readonly name = 'CliError';

  /** @param exitCode 1 where the work failed, 2 where it was asked for in a way that cannot be understood */
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
    options?: ErrorOptions,
  ) {
    super('runtime_error', message, options);
  }
}
