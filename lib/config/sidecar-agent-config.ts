import { type ConfigFactoryKeyHost, registerAs } from '@nestjs/config';
import type { SidecarAgentOptions } from '../options/sidecar-agent-options.interface.js';
import { DEFAULT_BOOTSTRAP_FILE, missingFile, readBootstrapFile } from './bootstrap-file.js';
import { readDefaults, type SidecarAgentDefaults } from './default-values.js';
import { readEnvironment } from './environment.js';
import { type Remedy, settingsToOptions } from './settings-to-options.js';
import type { SettingValues } from './setting-values.js';

/** The variable that says where the bootstrap file is. */
const FILE_VARIABLE = 'SIDECAR_AGENT_BOOTSTRAP_FILE';

/** A namespace of `@nestjs/config` that holds options of the module; `ConfigType` of it is `SidecarAgentOptions`. */
export type SidecarAgentConfig = (() => SidecarAgentOptions) & ConfigFactoryKeyHost<SidecarAgentOptions>;

/**
 * The namespace `sidecarAgent`: options from environment variables, over those of the bootstrap file where there is one. A variable
 * is named as the field of the file, in capitals: `APP_ID`, `SERVICE_NAME`, `SERVER_PORT`, `SIDECAR_AGENT_BASE_URL`. The file is
 * `conf/bootstrap.json`, or the one that `SIDECAR_AGENT_BOOTSTRAP_FILE` names. Add what only the code knows, such as `grpc`.
 *
 * When the application is created it throws {@link InvalidSettingsError} with all that is missing or unusable, variable by variable.
 *
 * @example
 * ```ts
 * SidecarAgentModule.forRootAsync({
 *   imports: [ConfigModule.forFeature(sidecarAgentConfig)],
 *   inject: [sidecarAgentConfig.KEY],
 *   useFactory: (config: ConfigType<typeof sidecarAgentConfig>) => ({ ...config, grpc: grpcOptions }),
 * })
 * ```
 */
export const sidecarAgentConfig: SidecarAgentConfig = sidecarAgentConfigWith({});

/**
 * The same with options of the code below both: what neither the environment nor the file says is taken from there.
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
    const path = process.env[FILE_VARIABLE]?.trim();
    const file = readBootstrapFile(path || DEFAULT_BOOTSTRAP_FILE);
    if (path && !file) throw missingFile(path, `create it, or correct ${FILE_VARIABLE}`);
    const layers: SettingValues[] = [
      readDefaults(defaults),
      file?.values ?? new Map(),
      readEnvironment(process.env),
    ];
    const missing: Remedy = ({ variable, field }) => ({
      path: variable,
      message: `is required: set it, or ${field} in ${path || DEFAULT_BOOTSTRAP_FILE}`,
    });
    const options = settingsToOptions(layers, missing, file?.faults ?? []);
    return { ...defaults, ...options };
  });
}
