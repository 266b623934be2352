import type { SettingValues } from '../config/setting-values.js';
import { valueFaults } from '../config/settings-to-options.js';
import { HEADERS_VARIABLE } from './agent-headers.js';

/** Returns what is wrong with settings, in the words of the commands. */
export function settingFaults(found: SettingValues): string[] {
  return valueFaults(found).map(({ path, message }) => `${path}: ${asInCommands(message)}`);
}

/** Commands have no option for headers: see {@link HEADERS_VARIABLE}. */
function asInCommands(message: string): string {
  return message.replace('with the option headers', `with the variable ${HEADERS_VARIABLE}`);
}
