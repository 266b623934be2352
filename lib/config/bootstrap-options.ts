import type { SidecarAgentOptions } from '../options/sidecar-agent-options.interface.js';
import { DEFAULT_BOOTSTRAP_FILE, missingFile, readBootstrapFile } from './bootstrap-file.js';
import { type MissingFault, settingsToOptions } from './settings-to-options.js';

/**
 * Reads options from the bootstrap file of a Firefly service: `app`, `service`, `server_port`,
 * `managed_port` and `sidecar_agent`, in snake_case. Other fields are ignored, since services in Go
 * may share the file. Add the options that only code can give, such as `grpc`.
 *
 * @param path relative to the working directory; `conf/bootstrap.json` by default
 * @throws {InvalidSettingsError} if the file does not exist or cannot be read, or with every fault
 *   in it; the message never shows `app.secret`
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRoot({ ...bootstrapOptions(), grpc: grpcOptions })
 * ```
 */
export function bootstrapOptions(path: string = DEFAULT_BOOTSTRAP_FILE): SidecarAgentOptions {
  const file = readBootstrapFile(path);
  if (!file) {
    throw missingFile(
      path,
      'create it, start the service in the folder above, or pass its path to bootstrapOptions',
    );
  }
  const missing: MissingFault = ({ field }) => ({ path: `${path}: ${field}`, message: 'is required' });
  return settingsToOptions(file.values, missing, file.faults);
}
