import type { AppOptions } from '../options/app-options.interface.js';
import type { ServiceOptions } from '../options/service-options.interface.js';
import type { SidecarAgentOptions } from '../options/sidecar-agent-options.interface.js';
import { propertyOf } from '../support/shape.js';
import { type Setting, SETTINGS } from './setting.js';
import type { FoundValue, SettingValues } from './setting-values.js';

/**
 * Options from code for `sidecarAgentConfigWith`: each counts if neither the environment nor the
 * bootstrap file sets it.
 */
export type SidecarAgentDefaults = Partial<Omit<SidecarAgentOptions, 'app' | 'service'>> & {
  readonly app?: Partial<AppOptions>;
  readonly service?: Partial<ServiceOptions>;
};

/** Returns those defaults that the environment or the bootstrap file can override. */
export function readDefaults(defaults: SidecarAgentDefaults): SettingValues {
  const values = new Map<Setting, FoundValue>();
  for (const setting of SETTINGS) {
    const value = setting.option.split('.').reduce<unknown>(propertyOf, defaults);
    if (value !== undefined) values.set(setting, { place: `the default of ${setting.option}`, value });
  }
  return values;
}
