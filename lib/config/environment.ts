import { type Setting, SETTINGS } from './setting.js';
import type { FoundValue, SettingValues } from './setting-values.js';

/** The variable that names the bootstrap file. */
export const FILE_VARIABLE = 'SIDECAR_AGENT_BOOTSTRAP_FILE';

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the bootstrap file that the environment names; `undefined` if it names none. */
export function namedBootstrapFile(environment: Environment): string | undefined {
  return environment[FILE_VARIABLE]?.trim() || undefined;
}

/** Reads the settings from environment variables. A variable that is empty or blank is ignored. */
export function readEnvironment(environment: Environment): SettingValues {
  const values = new Map<Setting, FoundValue>();
  for (const setting of SETTINGS) {
    const text = environment[setting.variable];
    if (text === undefined || text.trim() === '') continue;
    values.set(setting, { place: setting.variable, value: readText(setting, text) });
  }
  return values;
}

/**
 * Reads the text of a setting in its form. Text that cannot be read is kept: the check of the
 * options reports it.
 */
export function readText({ form }: Setting, text: string): unknown {
  if (form === 'text') return text;
  const word = text.trim();
  if (form === 'list') return word.split(',').map((part) => part.trim());
  const isBoolean = /^(true|false)$/i.test(word);
  if ((form === 'boolean' || form === 'booleanOrDuration') && isBoolean) return word.toLowerCase() === 'true';
  return form === 'number' && /^\d{1,15}$/.test(word) ? Number(word) : word;
}
