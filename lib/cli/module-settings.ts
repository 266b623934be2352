import { DEFAULT_BOOTSTRAP_FILE, readBootstrapFile } from '../config/bootstrap-file.js';
import { namedBootstrapFile, readEnvironment } from '../config/environment.js';
import { mergeValues, type SettingValues } from '../config/setting-values.js';
import { InvalidSettingsError } from '../errors/invalid-settings.error.js';
import { CliError } from './cli.error.js';

/**
 * Reads the settings that the module itself reads: environment variables over the bootstrap file,
 * which may be absent.
 *
 * @throws {CliError} if the bootstrap file cannot be read
 */
export function readModuleSettings(): SettingValues {
  const path = namedBootstrapFile(process.env) ?? DEFAULT_BOOTSTRAP_FILE;
  try {
    const file = readBootstrapFile(path)?.values ?? new Map();
    return mergeValues(file, readEnvironment(process.env));
  } catch (cause) {
    if (!(cause instanceof InvalidSettingsError)) throw cause;
    const faults = cause.faults.map((fault) => `${fault.path}: ${fault.message}`);
    throw new CliError(faults.join('; '), 1, { cause });
  }
}
