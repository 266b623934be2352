import type {
  AppOptions,
  ServiceOptions,
  SidecarAgentOptions,
} from '../options/sidecar-agent-options.interface.js';
import { type Setting, SETTINGS } from './setting.js';
import type { FoundValue, SettingValues } from './setting-values.js';

/** Options that the code gives, for where neither the environment nor the bootstrap file says anything. */
export type SidecarAgentDefaults = Partial<Omit<SidecarAgentOptions, 'app' | 'service'>> & {
  readonly app?: Partial<AppOptions>;
  readonly service?: Partial<ServiceOptions>;
};

/** Reads the settings among the defaults. */
export function readDefaults(defaults: SidecarAgentDefaults): SettingValues {
  const values = new Map<Setting, FoundValue>();
  for (const setting of SETTINGS) {
    const value = setting.option.split('.').reduce(inside, defaults);
    if (value !== undefined) values.set(setting, { place: `the default of ${setting.option}`, value });
  }
  return values;
}

function inside(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
