import type { ModulesContainer } from '@nestjs/core';
import { isObject } from '../support/shape.js';

type NestModule = ModulesContainer extends Map<string, infer Each> ? Each : never;
type Wrapper = NestModule extends { providers: Map<unknown, infer Each> } ? Each : never;

/** The point at which Nest has run the bootstrap hooks. */
export interface BootstrapEnd {
  /** The instance whose hook Nest runs last. */
  readonly instance: object;
  /** Whether no other hook can follow. */
  readonly isLast: boolean;
}

/**
 * Returns the instance whose `onApplicationBootstrap` Nest runs last: the class of the module that
 * is nearest to the root. Nest runs the hooks of one module after the other, those of the class
 * itself at the end, and skips a class that depends on a request. A frozen one is skipped as well.
 */
export function bootstrapEnd(modules: ModulesContainer): BootstrapEnd | undefined {
  const nearestFirst = [...modules.values()].sort((a, b) => b.distance - a.distance).reverse();
  for (const [index, module] of nearestFirst.entries()) {
    const [host] = module.providers.values();
    const instance: unknown = host?.isDependencyTreeStatic() ? host.instance : undefined;
    if (canHaveHook(instance)) return { instance, isLast: index === 0 };
  }
  return undefined;
}

/** Returns every instance that can have a bootstrap hook, once. */
export function bootstrapInstances(modules: ModulesContainer): ReadonlySet<object> {
  const instances = [...modules.values()].flatMap((module) =>
    [module.providers, module.controllers, module.injectables, module.middlewares].flatMap((wrappers) =>
      [...wrappers.values()].flatMap((wrapper) => staticInstances(wrapper)),
    ),
  );
  return new Set(instances.filter(isObject));
}

/** Nest runs no hook of an instance that depends on a request. */
function staticInstances(wrapper: Wrapper): readonly object[] {
  if (!wrapper.isDependencyTreeStatic()) return [];
  if (!wrapper.isTransient) return [wrapper.instance as object];
  return wrapper.getStaticTransientInstances().map((host) => host?.instance as object);
}

function canHaveHook(instance: unknown): instance is object {
  return isObject(instance) && Object.isExtensible(instance);
}
