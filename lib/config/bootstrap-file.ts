import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { InvalidSettingsError } from '../errors/invalid-settings.error.js';
import { syntaxFault } from '../support/json/json-faults.js';
import { kindOf } from '../support/text/describe-value.js';
import { settingText } from './setting-text.js';
import { type Setting, SETTINGS } from './setting.js';
import type { FoundValue, SettingValues } from './setting-values.js';

/** Where a Firefly service keeps its bootstrap file, from its working directory. */
export const DEFAULT_BOOTSTRAP_FILE = 'conf/bootstrap.json';

/** Go's durations are nanoseconds. */
const MILLISECOND = 1e6;

/** What a bootstrap file says. */
export interface BootstrapFile {
  readonly values: SettingValues;
  /** What is wrong with it, beside values that their options cannot have. */
  readonly faults: readonly OptionFault[];
}

/**
 * Reads what a bootstrap file says of the options. What Go takes for not set, an empty text, 0 and null, is not there; fields that
 * are no options are not looked at, since the file is shared.
 *
 * @returns `undefined` where there is no such file
 * @throws {InvalidSettingsError} where it cannot be read, or is no JSON object
 */
export function readBootstrapFile(path: string): BootstrapFile | undefined {
  const content = contentOf(path);
  if (content === undefined) return undefined;
  const root = parse(path, content);
  const faults: OptionFault[] = [];
  const values = new Map<Setting, FoundValue>();
  const sections = new Map<string, object>([['', root]]);
  for (const name of ['app', 'service', 'sidecar_agent']) {
    const section: unknown = own(root, name);
    if (isObject(section)) sections.set(name, section);
    else if (section !== undefined && section !== null) {
      faults.push({ path: `${path}: ${name}`, message: `must be an object, not ${kindOf(section)}` });
    }
  }
  for (const setting of SETTINGS) {
    const [section, field] = split(setting.field);
    const raw = own(sections.get(section) ?? {}, field);
    if (raw === undefined || raw === null || raw === '' || raw === 0) continue;
    const place = `${path}: ${setting.field}`;
    const isGoDuration = ['duration', 'wait'].includes(setting.form) && typeof raw === 'number';
    if (isGoDuration && raw < MILLISECOND) {
      const message = `a number is nanoseconds, as Go's time.Duration is, and ${settingText(setting, raw)} of them are less than a millisecond: write "${raw}ms" or "${raw}s"`;
      faults.push({ path: place, message });
    } else values.set(setting, { place, value: isGoDuration ? raw / MILLISECOND : raw });
  }
  return { values, faults };
}

/** What is wrong with a file that is needed and not there. */
export function missingFile(path: string, remedy: string): InvalidSettingsError {
  return new InvalidSettingsError([{ path, message: `there is no file ${resolve(path)}: ${remedy}` }]);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    const code = isObject(thrown) ? own(thrown, 'code') : undefined;
    if (code === 'ENOENT') return undefined;
    throw new InvalidSettingsError([
      {
        path,
        message: `${resolve(path)} cannot be read (${String(code)}): it must be a file that this user may read`,
      },
    ]);
  }
}

function parse(path: string, content: string): object {
  const text = content.replace(/^\uFEFF/, '');
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw new InvalidSettingsError([{ path, message: syntaxFault(text) }]);
  }
  if (!isObject(root)) {
    throw new InvalidSettingsError([{ path, message: `must hold an object, not ${kindOf(root)}` }]);
  }
  return root;
}

function split(field: string): [section: string, field: string] {
  const dot = field.indexOf('.');
  return dot < 0 ? ['', field] : [field.slice(0, dot), field.slice(dot + 1)];
}

function own(section: object, field: string): unknown {
  return Object.hasOwn(section, field) ? Reflect.get(section, field) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
