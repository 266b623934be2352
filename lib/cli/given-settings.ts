import { readText } from '../config/environment.js';
import { type Setting, SETTINGS } from '../config/setting.js';
import type { FoundValue, SettingValues } from '../config/setting-values.js';

/**
 * Reads arguments as the settings that they override.
 *
 * @param given the texts of the arguments by name
 * @param optionOf the option of the module that each argument stands for
 */
export function givenSettings(
  given: Readonly<Record<string, string | undefined>>,
  optionOf: Readonly<Record<string, string>>,
): SettingValues {
  const values = new Map<Setting, FoundValue>();
  for (const [name, text] of Object.entries(given)) {
    const setting = SETTINGS.find(({ option }) => option === optionOf[name]);
    if (setting && text !== undefined) {
      values.set(setting, { place: `--${name}`, value: readText(setting, text) });
    }
  }
  return values;
}
