import { hideSecrets } from '../options/hide-secrets.js';
import type { SidecarAgentOptions } from '../options/sidecar-agent-options.interface.js';
import { type BootstrapFile, DEFAULT_BOOTSTRAP_FILE, readBootstrapFile } from './bootstrap-file.js';
import { readDefaults, type SidecarAgentDefaults } from './defaults.js';
import { namedBootstrapFile, readEnvironment } from './environment.js';
import { assembleOptions } from './settings-to-options.js';
import { mergeValues } from './setting-values.js';

/**
 * Returns the options that the defaults, the bootstrap file and the environment set, with
 * `enabled: false`. Ignores missing and wrong settings.
 */
export function disabledSettings(defaults: SidecarAgentDefaults): SidecarAgentOptions {
  const file = readFile()?.values ?? new Map();
  const found = mergeValues(readDefaults(defaults), file, readEnvironment(process.env));
  return { ...hideSecrets(defaults), ...hideSecrets(assembleOptions(found)), enabled: false };
}

function readFile(): BootstrapFile | undefined {
  try {
    return readBootstrapFile(namedBootstrapFile(process.env) ?? DEFAULT_BOOTSTRAP_FILE);
  } catch {
    return undefined;
  }
}
