import type { Provider } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import {
  NEST_MODULES,
  type NestModules,
  OTHER_AGENT,
  type OtherAgent,
  RESOLVED_OPTIONS,
} from './inner-tokens.js';
import { nameFaults } from './name-faults.js';
import type { DisabledOptions } from './options/disabled-options.js';
import { resolveOptions } from './options/resolve-options.js';
import type { SidecarAgentOptions } from './options/sidecar-agent-options.interface.js';
import { MODULE_OPTIONS_TOKEN } from './sidecar-agent.module-definition.js';
import { readableModules } from './support/readable-modules.js';

/** The options of the module, and what they are completed with. */
export function optionsProviders(name?: string): Provider[] {
  return [
    {
      provide: NEST_MODULES,
      inject: [ModulesContainer, ModuleRef],
      useFactory: (modules: ModulesContainer, ref: ModuleRef): NestModules => ({
        modules: readableModules(modules, ref),
      }),
    },
    { provide: OTHER_AGENT, useFactory: (): OtherAgent => ({}) },
    {
      provide: RESOLVED_OPTIONS,
      inject: [MODULE_OPTIONS_TOKEN, NEST_MODULES, OTHER_AGENT],
      useFactory: (
        options: SidecarAgentOptions | DisabledOptions,
        { modules }: NestModules,
        { prepare }: OtherAgent,
      ) => resolveOptions(options, nameFaults(name, modules), prepare),
    },
  ];
}
