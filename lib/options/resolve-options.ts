import { InvalidOptionsError, type OptionFault } from '../errors/invalid-options.error.js';
import { propertyOf } from '../support/shape.js';
import { checkOptions } from './check-options.js';
import { completeOptions } from './complete-options.js';
import type { DisabledOptions } from './disabled-options.js';
import type { PrepareOptions } from './prepare-options.js';
import type { ResolvedOptions } from './resolved-options.js';
import type { SidecarAgentOptions } from './sidecar-agent-options.interface.js';

/**
 * Checks the options and completes them with their defaults. With `enabled: false` no option is
 * required.
 *
 * @param others faults found elsewhere, to be reported in the same error
 * @param prepare completes the options for an agent that is not a sidecar-agent
 * @throws {InvalidOptionsError} with every fault, each with the path of its option
 */
export function resolveOptions(
  given: SidecarAgentOptions | DisabledOptions,
  others: readonly OptionFault[] = [],
  prepare?: PrepareOptions,
): ResolvedOptions {
  const prepared = prepare?.(given);
  const options = (prepared?.options ?? given) as SidecarAgentOptions | DisabledOptions;
  const isDisabled = propertyOf(options, 'enabled') === false;
  const found = checkOptions(options);
  const own = isDisabled ? found.filter(({ path }) => isGiven(options, path)) : found;
  const faults = [...others, ...(prepared?.faults ?? []), ...own];
  if (faults.length > 0) throw new InvalidOptionsError(faults);
  const complete = isDisabled ? withIdentity(options) : (options as SidecarAgentOptions);
  return completeOptions(complete, prepared?.kind);
}

/** Returns whether an option has a value, by its path such as `app.id`. */
function isGiven(options: object, path: string): boolean {
  return path.split('.').reduce<unknown>(propertyOf, options) !== undefined;
}

/** Nothing shows or sends the empty texts. */
function withIdentity({ app, service, ...others }: Partial<SidecarAgentOptions>): SidecarAgentOptions {
  return {
    ...others,
    app: { id: '', name: '', env: '', version: '', ...app },
    service: { name: '', ...service },
  };
}
