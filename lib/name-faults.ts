import type { ModulesContainer } from '@nestjs/core';
import type { OptionFault } from './errors/invalid-options.error.js';
import { getSidecarAgentToken } from './sidecar-agent.token.js';

/** What is wrong with the name of a module: blank, or that of another module of the application. */
export function nameFaults(name: unknown, modules: ModulesContainer): OptionFault[] {
  if (name === undefined) return [];
  if (typeof name !== 'string' || !/\S/.test(name))
    return [{ path: 'name', message: 'must be a text that is not blank' }];
  const namesakes = [...modules.values()].filter(({ providers }) =>
    providers.has(getSidecarAgentToken(name)),
  );
  if (namesakes.length < 2) return [];
  const message = `"${name}" is the name of ${namesakes.length} modules: give each its own, or import one module in several places by keeping what forRoot() returns`;
  return [{ path: 'name', message }];
}
