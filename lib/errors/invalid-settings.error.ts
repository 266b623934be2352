import type { OptionFault } from './invalid-options.error.js';
import { SidecarAgentError } from './sidecar-agent.error.js';

/**
 * Settings of a bootstrap file or of the environment cannot be used. `bootstrapOptions` throws it,
 * and the namespace `sidecarAgentConfig` throws it when Nest creates the application. One error
 * lists every fault: where the value was found, what is expected, and what was given unless that
 * may be confidential. Correct the file or the variables and start again. Its kind is
 * `invalid_options`.
 */
export class InvalidSettingsError extends SidecarAgentError {
  override readonly name = 'InvalidSettingsError';
  /** Every fault. Its `path` is `conf/bootstrap.json: server_port` or `SERVER_PORT`. */
  declare readonly faults: readonly OptionFault[];

  constructor(faults: readonly OptionFault[]) {
    const lines = faults.map((fault) => `  - ${fault.path}: ${fault.message}`);
    super('invalid_options', `SidecarAgentModule cannot use these settings:\n${lines.join('\n')}`);
    // Not enumerable: a logger that prints properties would repeat the message.
    Object.defineProperty(this, 'faults', { value: faults, enumerable: false });
  }
}
