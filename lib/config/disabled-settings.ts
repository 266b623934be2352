import { hideSecrets } from '../options/hide-secrets.js';
import { type BootstrapFile, DEFAULT_BOOTSTRAP_FILE, readBootstrapFile } from './bootstrap-file.js';
import { FILE_VARIABLE, readEnvironment } from './environment.js';
import { assembleOptions } from './settings-to-options.js';

/**
 * Returns the options that the bootstrap file and the environment set, with `enabled: false`. It
 * does not matter what is missing or wrong.
 */
export function disabledSettings(): object {
  const found = new Map([...(readFile()?.values ?? []), ...readEnvironment(process.env)]);
  return { ...hideSecrets(assembleOptions(found)), enabled: false };
}

function readFile(): BootstrapFile | undefined {
  try {
    return readBootstrapFile(process.env[FILE_VARIABLE]?.trim() || DEFAULT_BOOTSTRAP_FILE);
  } catch {
    return undefined;
  }
}
