import type { OptionFault } from '../errors/invalid-options.error.js';
import { InvalidSettingsError } from '../errors/invalid-settings.error.js';
import { hideSecrets } from '../options/hide-secrets.js';
import { ownFaults } from '../options/own-faults.js';
import type { SidecarAgentOptions } from '../options/sidecar-agent-options.interface.js';
import { isObject } from '../support/shape.js';
import { SETTINGS, type Setting } from './setting.js';
import type { SettingValues } from './setting-values.js';

/** Returns the fault of a setting that is required and not set. */
export type MissingFault = (setting: Setting) => OptionFault;

/**
 * Turns settings into options.
 *
 * @param found the settings of all sources
 * @param faults faults of the sources, to be reported in the same error
 * @throws {InvalidSettingsError} with every fault of the sources, every required setting that is
 *   not set (none is required if `enabled` is false), and every value that its option cannot have
 */
export function settingsToOptions(
  found: SettingValues,
  missing: MissingFault,
  faults: readonly OptionFault[],
): SidecarAgentOptions {
  const absent = isDisabled(found)
    ? []
    : SETTINGS.filter((setting) => setting.isRequired && !found.has(setting));
  // A section with a fault is reported once, and not again for each field that is missing in it.
  const isWithin = ({ path }: OptionFault) => faults.some((fault) => path.startsWith(`${fault.path}.`));
  const gaps = absent.map(missing).filter((fault) => !isWithin(fault));
  const all = [...faults, ...gaps, ...valueFaults(found)];
  if (all.length > 0) throw new InvalidSettingsError(all);
  return hideSecrets(assembleOptions(found));
}

/** Returns whether the settings turn the module off: then none is required. */
export function isDisabled(found: SettingValues): boolean {
  return [...found].some(([{ option }, { value }]) => option === 'enabled' && value === false);
}

/** The paths of `SETTINGS` make the shape of the options, and `valueFaults` checks the values. */
export function assembleOptions(found: SettingValues): SidecarAgentOptions {
  const options: Record<string, unknown> = { app: {}, service: {} };
  for (const [{ option }, { value }] of found) {
    const [section = '', name] = option.split('.');
    const target = name === undefined ? options : options[section];
    if (isObject(target)) Reflect.set(target, name ?? section, value);
  }
  return options as unknown as SidecarAgentOptions;
}

/**
 * Returns the faults of each value by itself, at the place where it was found. How options fit each
 * other is checked later, since code may add others.
 */
export function valueFaults(found: SettingValues): OptionFault[] {
  const places = new Map([...found].map(([{ option }, { place }]) => [option, place]));
  return ownFaults(assembleOptions(found), 'settings').flatMap(({ path, message }) => {
    // A fault of one entry of a list is reported for the list.
    const place = places.get(path.replace(/\.\d+$/, ''));
    return place === undefined ? [] : [{ path: place, message }];
  });
}
