import type { ModuleRef, ModulesContainer } from '@nestjs/core';
import { hasMethods, propertyOf } from './shape.js';

/**
 * Returns the modules of an application, such that they can be read.
 *
 * Nest passes its `ModulesContainer` to `instrument.instanceDecorator` like a provider. It is a
 * `Map`, and no method of a `Map` works through a plain `Proxy`. A `ModuleRef` is not decorated; it
 * keeps the container of the modules in a protected field, and Nest has no getter.
 */
export function readableModules(modules: ModulesContainer, ref: ModuleRef): ModulesContainer {
  if (isReadable(modules)) return modules;
  const container = propertyOf(ref, 'container');
  return hasMethods(container, 'getModules') ? (container.getModules() as ModulesContainer) : modules;
}

function isReadable(modules: ModulesContainer): boolean {
  try {
    return modules.size >= 0;
  } catch {
    return false;
  }
}
