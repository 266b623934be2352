import type { SidecarAgentOptions } from '../options/sidecar-agent-options.interface.js';
import { DEFAULT_BOOTSTRAP_FILE, missingFile, readBootstrapFile } from './bootstrap-file.js';
import { type Remedy, settingsToOptions } from './settings-to-options.js';

/**
 * Reads options from the bootstrap file that Firefly services have: `app`, `service`, `server_port`, `managed_port` and
 * `sidecar_agent`, in snake_case. What else is in it is not looked at, as the file is shared with services in Go. Add what only
 * the code knows, such as `grpc`.
 *
 * @param path from the working directory
 * @throws {InvalidSettingsError} where the file is not there or cannot be read, or with every fault of it; `app.secret` is never shown
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
      'create it, start the service in the folder above, or give bootstrapOptions its path',
    );
  }
  const missing: Remedy = ({ field }) => ({ path: `${path}: ${field}`, message: 'is required' });
  return settingsToOptions([file.values], missing, file.faults);
}
