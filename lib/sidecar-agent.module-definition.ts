import { ConfigurableModuleBuilder, type Provider } from '@nestjs/common';
import { InvalidOptionsError } from './errors/invalid-options.error.js';
import type { SidecarAgentOptions } from './options/sidecar-agent-options.interface.js';
import { kindOf } from './support/text/describe-value.js';

/** What you can give to `forRoot` and `forRootAsync` beside the options. */
export interface SidecarAgentModuleExtras {
  /**
   * Whether every module of the application can inject the providers of this one.
   *
   * @default true
   */
  isGlobal?: boolean;
  /**
   * The name of this module, if the application has several `SidecarAgentModule`s, each with a
   * service of its own. Inject the providers of a named module with `@InjectSidecarAgent(name)`.
   * Its log lines carry the name.
   *
   * @default none: the providers are injected by class
   */
  name?: string;
  /**
   * Providers that replace those of the module, such as
   * `{ provide: SidecarClient, useClass: MyClient }`.
   *
   * @default []
   */
  providers?: Provider[];
}

const extras: SidecarAgentModuleExtras = { isGlobal: true, name: undefined, providers: [] };

/** `forRoot`, `forRootAsync` and the token of the options, built like those of Nest's modules. */
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

/** Throws here, since Nest would only say that the value is not iterable. */
function listOf(providers: unknown): Provider[] {
  const list = providers ?? [];
  if (Array.isArray(list)) return list as Provider[];
  const message = `must be an array such as [{ provide: SidecarClient, useClass: MyClient }], got ${kindOf(list)}`;
  throw new InvalidOptionsError([{ path: 'providers', message }]);
}
