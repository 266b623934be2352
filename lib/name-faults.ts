import type { ModulesContainer } from '@nestjs/core';
import type { OptionFault } from './errors/invalid-options.error.js';
import { getSidecarAgentToken } from './sidecar-agent.token.js';
import { shown } from './support/text/describe-value.js';

/** Returns the faults of a module's `name`: it is blank, or another module has the same one. */
export function nameFaults(name: unknown, modules: ModulesContainer): OptionFault[] {
  if (name === undefined) return [];
  if (typeof name !== 'string' || !/\S/.test(name)) {
    return [{ path: 'name', message: `must be a string that is not blank, got ${shown(name)}` }];
  }
  const namesakes = [...modules.values()].filter(({ providers }) =>
    providers.has(getSidecarAgentToken(name)),
  );
  if (namesakes.length < 2) return [];
  const message =
    `must be unique, but ${namesakes.length} modules are named "${name}": give each module its own name; ` +
    'to import one module in several places, call forRoot() once and import what it returns';
  return [{ path: 'name', message }];
}
