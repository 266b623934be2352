import { type Setting, SETTINGS } from './setting.js';
import type { FoundValue, SettingValues } from './setting-values.js';

/** Variables by their names, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads what the environment says of the options. An empty variable, or one of white space, is not there. */
export function readEnvironment(environment: Environment): SettingValues {
  const values = new Map<Setting, FoundValue>();
  for (const setting of SETTINGS) {
    const text = environment[setting.variable];
    if (text === undefined || text.trim() === '') continue;
    values.set(setting, { place: setting.variable, value: read(setting, text) });
  }
  return values;
}

/** Text that is none of what the option takes stays what it is: the check of the options says so. */
function read({ form }: Setting, text: string): unknown {
  const word = text.trim();
  if (form === 'text' || form === 'secret') return text;
  if ((form === 'flag' || form === 'wait') && /^(true|false)$/i.test(word))
    return word.toLowerCase() === 'true';
  return form === 'number' && /^\d{1,15}$/.test(word) ? Number(word) : word;
}
