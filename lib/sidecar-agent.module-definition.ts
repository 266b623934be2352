import { ConfigurableModuleBuilder, type Provider } from '@nestjs/common';
import { InvalidOptionsError } from './errors/invalid-options.error.js';
import type { SidecarAgentOptions } from './options/sidecar-agent-options.interface.js';

/** What is said of the module itself, beside the options. */
export interface SidecarAgentModuleExtras {
  /**
   * Whether every module of the application can inject what this one provides.
   * @default true
   */
  isGlobal?: boolean;
  /**
   * Tells this module from others in the same application, each with a service of its own. What it provides is then injected
   * by `@InjectSidecarAgent(name)`, and its log lines carry the name.
   * @default none: what it provides is injected by its class
   */
  name?: string;
  /**
   * Providers that take the place of the module's own, such as `{ provide: SidecarClient, useClass: MyClient }`.
   * @default []
   */
  providers?: Provider[];
}

const extras: SidecarAgentModuleExtras = { isGlobal: true, name: undefined, providers: [] };

/** `forRoot`, `forRootAsync` and the token of the options, as Nest's own modules have them. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<SidecarAgentOptions>({ moduleName: 'SidecarAgent' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createSidecarAgentOptions')
    .setExtras(extras, (definition, { isGlobal, providers }) => ({
      ...definition,
      global: isGlobal,
      providers: [...(definition.providers ?? []), ...listOf(providers)],
    }))
    .build();

/** Told when the module is defined: then the list is needed, and Nest would only say that it is not iterable. */
function listOf(providers: unknown): Provider[] {
  if (Array.isArray(providers ?? [])) return (providers ?? []) as Provider[];
  throw new InvalidOptionsError([
    {
      path: 'providers',
      message: 'must be a list of providers, such as [{ provide: SidecarClient, useClass: MyClient }]',
    },
  ]);
}
