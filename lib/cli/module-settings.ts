import { DEFAULT_BOOTSTRAP_FILE, readBootstrapFile } from '../config/bootstrap-file.js';
import { readEnvironment } from '../config/environment.js';
import { InvalidSettingsError } from '../errors/invalid-settings.error.js';
import { CliError } from './cli.error.js';

/** A setting and where it was found: `SERVER_PORT`. */
export interface FoundSetting {
  readonly place: string;
  readonly value: unknown;
}

/**
 * Reads the settings that the module itself reads, by the path of their option: environment
 * variables over the bootstrap file, which may be absent.
 *
 * @throws {CliError} if the bootstrap file cannot be read
 */
export function readModuleSettings(): (option: string) => FoundSetting | undefined {
  const path = process.env.SIDECAR_AGENT_BOOTSTRAP_FILE?.trim() || DEFAULT_BOOTSTRAP_FILE;
  try {
    const file = readBootstrapFile(path)?.values ?? [];
    const found = [...file, ...readEnvironment(process.env)];
    const settings = new Map(found.map(([setting, value]) => [setting.option, value]));
    return (option) => settings.get(option);
  } catch (cause) {
    if (!(cause instanceof InvalidSettingsError)) throw cause;
    const faults = cause.faults.map((fault) => `${fault.path}: ${fault.message}`);
    throw new CliError(faults.join('; '), 1, { cause });
  }
}
