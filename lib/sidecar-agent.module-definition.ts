import { ConfigurableModuleBuilder, type Provider } from '@nestjs/common';
import { InvalidOptionsError } from './errors/invalid-options.error.js';
import type { DisabledOptions } from './options/disabled-options.js';
import type { SidecarAgentOptions } from './options/sidecar-agent-options.interface.js';
import { isObject } from './support/shape.js';
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
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<
  SidecarAgentOptions | DisabledOptions
>({ moduleName: 'SidecarAgent' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createSidecarAgentOptions')
  .setExtras(extras, (definition, { isGlobal, providers }) => ({
    ...definition,
    global: isGlobal,
    providers: [...(definition.providers ?? []), ...listOf(providers)],
  }))
  .build();

/** Throws here, since Nest would not say which option is wrong. */
function listOf(providers: unknown): Provider[] {
  const list = providers ?? [];
  if (!Array.isArray(list)) {
    const message = `must be an array such as [{ provide: SidecarClient, useClass: MyClient }], got ${kindOf(list)}`;
    throw new InvalidOptionsError([{ path: 'providers', message }]);
  }
  const faults = list.flatMap((provider: unknown, index) =>
    isProvider(provider)
      ? []
      : [
          {
            path: `providers.${index}`,
            message: `must be a class or an object such as { provide: SidecarClient, useClass: MyClient }, got ${kindOf(provider)}`,
          },
        ],
  );
  if (faults.length > 0) throw new InvalidOptionsError(faults);
  return list as Provider[];
}

function isProvider(value: unknown): value is Provider {
  return (
    typeof value === 'function' ||
    (isObject(value) && 'provide' in value && value.provide !== undefined && value.provide !== null)
  );
}
