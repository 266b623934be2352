import type { OptionFault } from '../errors/invalid-options.error.js';
import { InvalidSettingsError } from '../errors/invalid-settings.error.js';
import { expectation } from '../support/schema/describe-issue.js';
import { ownFaults } from '../options/own-faults.js';
import type { SidecarAgentOptions } from '../options/sidecar-agent-options.interface.js';
import { settingText } from './setting-text.js';
import { type Setting, SETTINGS } from './setting.js';
import type { FoundValue, SettingValues } from './setting-values.js';

/** Says what to do about a setting that is missing. */
export type Remedy = (setting: Setting) => OptionFault;

/**
 * Makes options of settings.
 *
 * @param layers where settings come from, the weakest first
 * @param faults what is known to be wrong with them, to be told with the rest
 * @throws {InvalidSettingsError} with all that is missing, and every value that its option cannot have
 */
export function settingsToOptions(
  layers: readonly SettingValues[],
  missing: Remedy,
  faults: readonly OptionFault[],
): SidecarAgentOptions {
  const found = new Map(layers.flatMap((layer) => [...layer]));
  const options = assemble(found);
  const absent = SETTINGS.filter((setting) => setting.isRequired && !found.has(setting));
  // What a section would hold that is none is not worth a line of its own.
  const isWithin = ({ path }: OptionFault) => faults.some((fault) => path.startsWith(`${fault.path}.`));
  const gaps = absent.map(missing).filter((fault) => !isWithin(fault));
  const all = [...faults, ...gaps, ...refused(options, found)];
  if (all.length > 0) throw new InvalidSettingsError(all);
  return options;
}

/** The paths are the table's own, so the shape is that of the options; `refused` has checked the values. */
function assemble(found: SettingValues): SidecarAgentOptions {
  const options: Record<string, unknown> = { app: {}, service: {} };
  for (const [{ option }, { value }] of found) {
    const [section = '', name] = option.split('.');
    const target = name === undefined ? options : options[section];
    if (typeof target === 'object' && target !== null) Reflect.set(target, name ?? section, value);
  }
  return options as unknown as SidecarAgentOptions;
}

/** What the module says of each option on its own, at the place that it comes from. The code may give others beside them. */
function refused(options: SidecarAgentOptions, found: SettingValues): OptionFault[] {
  const byOption = new Map([...found].map(([setting, value]) => [setting.option, { setting, ...value }]));
  return ownFaults(options, expectation).flatMap(({ path, message }) => {
    const origin = byOption.get(path);
    return origin ? [{ path: origin.place, message: withValue(message, origin) }] : [];
  });
}

function withValue(fault: string, { setting, value }: FoundValue & { setting: Setting }): string {
  const text = settingText(setting, value);
  // A number alone is no duration here: it would be nanoseconds in the file, and anything in a variable.
  const message = fault.replace('milliseconds or a duration such', 'a duration with its unit, such');
  return text === '' ? message : `${message}, not ${text}`;
}
