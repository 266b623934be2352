import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OptionFault } from '../errors/invalid-options.error.js';
import { InvalidSettingsError } from '../errors/invalid-settings.error.js';
import { syntaxFault } from '../support/json/json-faults.js';
import { isRecord, propertyOf } from '../support/shape.js';
import { kindOf } from '../support/text/describe-value.js';
import { type Setting, type SettingForm, SETTINGS } from './setting.js';
import type { FoundValue, SettingValues } from './setting-values.js';

/** The bootstrap file of a Firefly service, relative to its working directory. */
export const DEFAULT_BOOTSTRAP_FILE = 'conf/bootstrap.json';

const SECTIONS = ['app', 'service', 'sidecar_agent'];

const DURATIONS: ReadonlySet<SettingForm> = new Set(['duration', 'booleanOrDuration']);

/** Go's `time.Duration` is a number of nanoseconds. */
const NANOSECONDS_PER_MILLISECOND = 1e6;

/** The content of a bootstrap file. */
export interface BootstrapFile {
  readonly values: SettingValues;
  /** The faults of the file. Values that their options cannot have are not among them. */
  readonly faults: readonly OptionFault[];
}

/**
 * Reads the settings from a bootstrap file. As in Go, an empty text, 0 and `null` mean "not set".
 * Other fields are ignored, since other programs may share the file.
 *
 * @returns `undefined` if there is no such file
 * @throws {InvalidSettingsError} if the file cannot be read, or is not a JSON object
 */
export function readBootstrapFile(path: string): BootstrapFile | undefined {
  const content = contentOf(path);
  if (content === undefined) return undefined;
  const root = parse(path, content);
  const faults = sectionFaults(path, root);
  const values = new Map<Setting, FoundValue>();
  for (const setting of SETTINGS) {
    const raw = setting.field.split('.').reduce(ownProperty, root);
    if (raw === undefined || raw === null || raw === '' || raw === 0) continue;
    const place = `${path}: ${setting.field}`;
    const isGoDuration = DURATIONS.has(setting.form) && typeof raw === 'number';
    if (isGoDuration && raw < NANOSECONDS_PER_MILLISECOND) {
      faults.push({ path: place, message: tooShort(raw) });
    } else {
      values.set(setting, { place, value: isGoDuration ? raw / NANOSECONDS_PER_MILLISECOND : raw });
    }
  }
  return { values, faults };
}

/** Returns the error for a file that is required and does not exist. */
export function missingFile(path: string, remedy: string): InvalidSettingsError {
  return new InvalidSettingsError([{ path, message: `there is no file ${resolve(path)}: ${remedy}` }]);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    const code = propertyOf(thrown, 'code');
    if (code === 'ENOENT') return undefined;
    const message = `cannot read ${resolve(path)} (${String(code)}): give a file that this user may read`;
    throw new InvalidSettingsError([{ path, message }]);
  }
}

function parse(path: string, content: string): unknown {
  const text = content.replace(/^\uFEFF/, '');
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw new InvalidSettingsError([{ path, message: syntaxFault(text) }]);
  }
  if (isRecord(root)) return root;
  throw new InvalidSettingsError([{ path, message: `must hold an object, got ${kindOf(root)}` }]);
}

function sectionFaults(path: string, root: unknown): OptionFault[] {
  return SECTIONS.flatMap((name) => {
    const section = ownProperty(root, name);
    if (section === undefined || section === null || isRecord(section)) return [];
    return [{ path: `${path}: ${name}`, message: `must be an object, got ${kindOf(section)}` }];
  });
}

/** A field named like a property of all objects, such as `constructor`, is not in the file. */
function ownProperty(value: unknown, field: string): unknown {
  return isRecord(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}

function tooShort(nanoseconds: number): string {
  return (
    `must be at least 1 ms: a number is nanoseconds, as in Go's time.Duration, got ${nanoseconds}; ` +
    `write "${nanoseconds}ms" or "${nanoseconds}s"`
  );
}
