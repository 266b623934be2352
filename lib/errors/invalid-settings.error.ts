import type { OptionFault } from './invalid-options.error.js';
import { SidecarAgentError } from './sidecar-agent.error.js';

/**
 * A bootstrap file, or the environment, does not make options. All faults are listed at once, each with its place, the file and
 * field or the variable, and with what stands there, unless that is a secret.
 */
export class InvalidSettingsError extends SidecarAgentError {
  override readonly name = 'InvalidSettingsError';
  /** All of them; `path` is `conf/bootstrap.json: server_port` or `SERVER_PORT`. */
  declare readonly faults: readonly OptionFault[];

  constructor(faults: readonly OptionFault[]) {
    const lines = faults.map((fault) => `  - ${fault.path}: ${fault.message}`);
    super('invalid_options', `these settings are no options of SidecarAgentModule:\n${lines.join('\n')}`);
    // The message has them already; printed as a property they would stand there twice.
    Object.defineProperty(this, 'faults', { value: faults, enumerable: false });
  }
}
