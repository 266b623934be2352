import { InvalidOptionsError, type OptionFault } from '../errors/invalid-options.error.js';
import { checkOptions } from './check-options.js';
import { completeOptions } from './complete-options.js';
import type { ResolvedOptions } from './resolved-options.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/**
 * Checks the options and completes them with their defaults.
 *
 * @param others faults found elsewhere, to be reported in the same error
 * @throws {InvalidOptionsError} with every fault, each with the path of its option
 */
export function resolveOptions(
  options: SidecarAgentOptions,
  others: readonly OptionFault[] = [],
): ResolvedOptions {
  const faults = [...others, ...checkOptions(options)];
  if (faults.length > 0) throw new InvalidOptionsError(faults);
  return completeOptions(options);
}
