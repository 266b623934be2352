import { disabledSettings } from '../config/disabled-settings.js';
import { NAMESPACE_TOKEN } from '../config/namespace.js';
import { MODULE_OPTIONS_TOKEN } from '../sidecar-agent.module-definition.js';

/** What is used of a `TestingModuleBuilder` of `@nestjs/testing`. */
export interface ProviderOverrides {
  overrideProvider(token: unknown): {
    useValue(value: unknown): unknown;
    useFactory(options: { factory: () => unknown }): unknown;
  };
}

/**
 * Turns off every `SidecarAgentModule` of a testing module: those with a name, those of
 * `forRootAsync`, and those that a static `AppModule` imports. Nothing is sent to an agent, and
 * everything that the modules provide can still be injected.
 *
 * Each module gets the options `enabled: false`. So `useFactory` is not called, and the class of
 * `useClass` or `useExisting` is created, but not asked. `sidecarAgentConfig` returns what its
 * variables and its file set, and accepts that others are missing. Other builders are not affected.
 *
 * Use it in place of `overrideModule()`, which replaces static modules only: Nest compares a module
 * by identity, and each `forRoot()` returns a new object.
 *
 * @param builder what `Test.createTestingModule()` returns, before `compile()`
 * @returns the same builder
 *
 * @example
 * ```ts
 * const module = await withoutSidecarAgent(
 *   Test.createTestingModule({ imports: [AppModule] }),
 * ).compile();
 * ```
 */
export function withoutSidecarAgent<Builder extends ProviderOverrides>(builder: Builder): Builder {
  // All modules have their options under this token, and Nest overrides it in each of them.
  builder.overrideProvider(MODULE_OPTIONS_TOKEN).useValue(Object.freeze({ enabled: false }));
  builder.overrideProvider(NAMESPACE_TOKEN).useFactory({ factory: disabledSettings });
  return builder;
}
