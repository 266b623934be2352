import { runDisabledBuild } from '../config/disabled-builds.js';
import { MODULE_OPTIONS_TOKEN } from '../sidecar-agent.module-definition.js';

/** What is used of a `TestingModuleBuilder` of `@nestjs/testing`. */
export interface ProviderOverrides {
  overrideProvider(token: unknown): {
    useValue(value: unknown): unknown;
  };
  compile(...options: never[]): unknown;
}

/**
 * Turns off every `SidecarAgentModule` of a testing module: those with a name, those of
 * `forRootAsync`, and those that a static `AppModule` imports. Nothing is sent to an agent, and
 * everything that the modules provide can still be injected.
 *
 * Each module gets the options `enabled: false`. So Nest does not call `useFactory`, nor the
 * factory method of the class of `useClass` or `useExisting`. `sidecarAgentConfig` and the
 * namespaces of `sidecarAgentConfigWith` return what their defaults, the bootstrap file and the
 * variables set, with `enabled: false`, and ignore missing and wrong settings. Other builders are
 * not affected.
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
  // Not an override of the namespace: it would lose the defaults, and replace a namespace of yours.
  const compile = builder.compile.bind(builder);
  return Object.assign(builder, {
    compile: (...options: never[]) => runDisabledBuild(() => compile(...options)),
  });
}
