import { type ConfigFactoryKeyHost, registerAs } from '@nestjs/config';
import { hideSecrets } from '../options/hide-secrets.js';
import type { SidecarAgentOptions } from '../options/sidecar-agent-options.interface.js';
import { DEFAULT_BOOTSTRAP_FILE, missingFile, readBootstrapFile } from './bootstrap-file.js';
import { readDefaults, type SidecarAgentDefaults } from './defaults.js';
import { isDisabledBuild } from './disabled-builds.js';
import { disabledSettings } from './disabled-settings.js';
import { FILE_VARIABLE, namedBootstrapFile, readEnvironment } from './environment.js';
import { isDisabled, type MissingFault, settingsToOptions } from './settings-to-options.js';
import { mergeValues } from './setting-values.js';

/**
 * A namespace of `@nestjs/config` that holds options of `SidecarAgentModule`. `ConfigType` of it is
 * {@link SidecarAgentOptions}.
 */
export type SidecarAgentConfig = (() => SidecarAgentOptions) & ConfigFactoryKeyHost<SidecarAgentOptions>;

/**
 * The namespace `sidecarAgent` of `@nestjs/config`: options from environment variables and from the
 * bootstrap file. A variable overrides the same field of the file. Empty variables are ignored.
 *
 * A variable has the name of the field in capitals: `APP_ID`, `SERVICE_NAME`, `SERVER_PORT`,
 * `SIDECAR_AGENT_BASE_URL`. The file is `conf/bootstrap.json`, which may be absent, or the file
 * that `SIDECAR_AGENT_BOOTSTRAP_FILE` names, which must exist. With `SIDECAR_AGENT_ENABLED=false`
 * no other variable and no file is required. Add the options that only code can give, such as
 * `grpc`.
 *
 * @throws {InvalidSettingsError} when Nest creates the application, with every setting that is
 *   missing or cannot be used
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRootAsync({
 *   imports: [ConfigModule.forFeature(sidecarAgentConfig)],
 *   inject: [sidecarAgentConfig.KEY],
 *   useFactory: (config: ConfigType<typeof sidecarAgentConfig>) => ({
 *     ...config,
 *     grpc: grpcOptions,
 *   }),
 * })
 * ```
 */
export const sidecarAgentConfig: SidecarAgentConfig = sidecarAgentConfigWith({});

/**
 * Builds the namespace of {@link sidecarAgentConfig} with defaults from code: an option counts if
 * neither the environment nor the bootstrap file sets it.
 *
 * @example
 * ```ts
 * export const meshConfig = sidecarAgentConfigWith({
 *   app: { name: 'auth-center', version: packageJson.version },
 *   service: { name: 'auth' },
 * });
 * ```
 */
export function sidecarAgentConfigWith(defaults: SidecarAgentDefaults): SidecarAgentConfig {
  return registerAs('sidecarAgent', (): SidecarAgentOptions => {
    if (isDisabledBuild()) return disabledSettings(defaults);
    const named = namedBootstrapFile(process.env);
    const path = named ?? DEFAULT_BOOTSTRAP_FILE;
    const file = readBootstrapFile(path);
    const values = file?.values ?? new Map();
    const found = mergeValues(readDefaults(defaults), values, readEnvironment(process.env));
    if (named && !file && !isDisabled(found)) {
      throw missingFile(named, `create it, or correct ${FILE_VARIABLE}`);
    }
    const missing: MissingFault = ({ variable, field }) => ({
      path: variable,
      message: `is required: set it, or ${field} in ${path}`,
    });
    const options = settingsToOptions(found, missing, file?.faults ?? []);
    return { ...hideSecrets(defaults), ...options };
  });
}
