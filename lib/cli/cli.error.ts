import { SidecarAgentError } from '../errors/sidecar-agent.error.js';

/** Thrown if a command fails. The command line tool prints the message and exits. */
export class CliError extends SidecarAgentError {
  override readonly name = 'CliError';

  /** @param exitCode 1 if the command failed, 2 if its arguments are not valid */
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
    options?: ErrorOptions,
  ) {
    super('runtime_error', message, options);
  }
}
